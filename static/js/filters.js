// The filter sheet: fields left empty stay out of the address; a sheet closes when one looks elsewhere.
for (const form of document.querySelectorAll("form[data-narrow]")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && field.type !== "checkbox" && field.type !== "radio" && !field.value && !field.closest(".pair")) field.disabled = true;
  });
}
document.addEventListener("click", (event) => {
  for (const drop of document.querySelectorAll("details.drop[open]")) if (!drop.contains(event.target)) drop.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const drop of document.querySelectorAll("details.drop[open]")) { drop.open = false; drop.querySelector("summary").focus(); }
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-narrow] :disabled").forEach((field) => { field.disabled = false; }));
