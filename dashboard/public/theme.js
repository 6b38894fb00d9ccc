// Runs before the first paint, so that a light office never sees a dark flash. A file, not inline: the page's CSP allows no inline script.
(function () {
  var root = document.documentElement;
  try {
    var theme = localStorage.getItem("giaolo.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    var language = localStorage.getItem("giaolo.language");
    if (language === "vi" || language === "en") root.lang = language;
  } catch (_) {
    // Storage is switched off: the defaults (dark, Vietnamese) stand.
  }
})();
