// Watches a replay: the bar moves, the words follow, and the page shows the result as soon as it is there.
const box = document.querySelector("[data-replay]");
const EVERY = 1000;

async function look() {
  const answer = await fetch(box.dataset.replay, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const now = await answer.json();
  if (!now.running) {
    location.reload();
    return;
  }
  const bar = box.querySelector("progress");
  bar.max = now.total || 1;
  bar.value = now.done;
  box.querySelector("[data-words]").textContent = now.words;
  setTimeout(look, EVERY);
}

if (box) setTimeout(look, EVERY);
