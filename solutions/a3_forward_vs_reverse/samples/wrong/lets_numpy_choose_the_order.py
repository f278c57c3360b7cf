"""Uses multi_dot, which picks the cheapest order by itself.

fails: q1.fwd_order q1.rev_order
diagnosis: raised
"""

import numpy as np



def accumulate_forward(Js):
    return Js[0].copy() if len(Js) == 1 else np.linalg.multi_dot(Js[::-1])


def accumulate_reverse(Js):
    return Js[0].copy() if len(Js) == 1 else np.linalg.multi_dot(Js[::-1])
