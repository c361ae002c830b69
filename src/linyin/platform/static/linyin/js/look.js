// Before anything is drawn: light or dark, as the reader has chosen or the device has it.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    if (root.dataset.look === "auto") root.dataset.bsTheme = dark.matches ? "dark" : "light";
  };
  show();
  dark.addEventListener("change", show);
})();
