// How the search of the site orders what it finds. Sphinx counts words of a title and of its sections alike, so ten pages
// tie for "not graded". Here a word of the title itself counts more, and the FAQ comes before a page that is as good.
var Scorer = {
  score: ([page, title, , , score]) => {
    const words = (new URLSearchParams(location.search).get("q") || "").toLowerCase().split(/\s+/);
    const inTitle = words.filter((word) => word.length > 2 && title.toLowerCase().includes(word)).length;
    return score + 10 * inTitle + (page === "faq" ? 5 : 0);
  },
  // Sphinx's own numbers
  objNameMatch: 11, objPartialMatch: 6, objPrio: { 0: 15, 1: 5, 2: -5 }, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
};
