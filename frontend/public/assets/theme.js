// Runs before the first paint so that a dark page never flashes white. A file of its own,
// because the content security policy allows no inline scripts.
(function () {
  var theme = "auto";
  try {
    theme = localStorage.getItem("atelier.theme") || "auto";
  } catch (error) {
    // Storage is blocked: follow the system.
  }
  var dark = theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
