"""`python -m benchmarks`, with what must be settled before NumPy is imported."""

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MPLBACKEND="Agg")

if __name__ == "__main__":
    from benchmarks.bench import main

    main()
