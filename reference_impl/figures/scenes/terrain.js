// The range of assignment 1 and its slope, from its hills: terrain.py in the player, for the climber and the ball.
const range = (hills) => [(x, h, d, e) => h * e, (x, h, d, e) => ((-2 * x) / d / d) * h * e].map((f) => (w) =>
  Math.abs(w) > 1e6 ? 0 : hills.reduce((sum, [c, h, d]) => sum + f(w - c, h, d, Math.exp(-(((w - c) / d) ** 2))), 0));
// The places of a walk: at most k.most steps, and none where the ground is level.
const walk = (start, rate, climb, k) => {
  const path = [start];
  while (path.length <= k.most && Math.abs(climb(path.at(-1))) > k.level) path.push(path.at(-1) + rate * climb(path.at(-1)));
  return path;
};
const degrees = (up, along) => (Math.atan2(-up, along) * 180) / Math.PI;
