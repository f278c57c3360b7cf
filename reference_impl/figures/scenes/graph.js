// Scene G, a graph read backwards. A part of the player.
movers.graph = (scene) => {
  const { show } = scene;
  // on a narrow screen: the line that speaks and its source, the source first
  const svg = scene.root.querySelector(".box svg"), box = svg.parentNode;
  scene.show = (step) => {
    show(step);
    if (scene.now === 0) scene.say("Press Next: the seed comes first.");
    const [left, middle] = scene.facts.places[scene.now], unit = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    scene.toward(Math.min(middle, left + box.clientWidth / 2 / unit));
  };
  scene.show(scene.facts.opens ?? 0);
};
