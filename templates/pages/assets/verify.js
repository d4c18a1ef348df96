// Arrival by a printed code: its digits stand behind "#" and reach no server until they are sent here. Also says what was
// chosen and that the check is running. Everything else works without this file.
(function () {
  "use strict";
  var form = document.getElementById("code-form");
  if (form && /^#\d{20,}$/.test(location.hash)) {
    document.getElementById("code").value = location.href;
    history.replaceState(null, "", location.pathname + location.search);
    running();
    form.submit();
  }
  function running() {
    var status = document.getElementById("checking");
    if (status) status.hidden = false;
  }
  document.querySelectorAll("form").forEach(function (each) {
    each.addEventListener("submit", running);
  });
  // Back from the result: the note does not stay.
  window.addEventListener("pageshow", function (event) {
    var status = document.getElementById("checking");
    if (event.persisted && status) status.hidden = true;
  });
})();
