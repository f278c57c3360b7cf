// A network with one hidden layer: layers.py in the player, for the forward picture and the messages back.
const flows = (row, net, n) => [...net[`W${n}`], net[`b${n}`][0]].map((line, i) => line.map((w) => w * (row[i] ?? 1)));
const columnSums = (rows) => rows[0].map((_, j) => rows.reduce((sum, row) => sum + row[j], 0));
const gate = (z) => (z > 0 || Number.isNaN(z) ? z : 0);
const logChances = (scores) => {
  const most = Math.max(...scores), total = Math.log(scores.reduce((sum, s) => sum + Math.exp(s - most), 0));
  return scores.map((s) => s - most - total);
};
