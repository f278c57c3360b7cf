// Scene G, a graph read backwards. A part of the player.
movers.graph = (scene) => {
  const { show } = scene;
  // on a narrow screen: the line that speaks
  scene.show = (step) => { show(step); scene.toward(scene.facts.places[scene.now]); };
  scene.show(scene.facts.opens ?? 0);
};
