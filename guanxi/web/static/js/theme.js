// The choice shows at once; the form it stands in stores it.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches('input[name="theme"]') || !input.closest("[data-theme-choice]")) return;
  if (input.value) document.documentElement.dataset.theme = input.value;
  else delete document.documentElement.dataset.theme;
});
