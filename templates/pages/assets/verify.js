// Arrival by a printed code: its digits stand behind "#" and reach no server until they are sent here. Also says that
// the check is running, and prints. Everything else works without this file.
(function () {
  "use strict";
  function arrive() {
    var form = document.getElementById("code-form");
    if (!form || !/^#\d{20,}$/.test(location.hash)) return;
    document.getElementById("code").value = location.href;
    history.replaceState(null, "", location.pathname + location.search);
    running();
    form.submit();
  }
  function running() {
    var status = document.getElementById("checking");
    if (status) status.hidden = false;
  }
  arrive();
  // A link that is opened while the page is there already.
  window.addEventListener("hashchange", arrive);
  document.querySelectorAll("form").forEach(function (each) {
    each.addEventListener("submit", function (event) {
      // A receipt is downloaded, and the page stays.
      var sender = event.submitter;
      if (sender && sender.hasAttribute("formaction")) {
        var status = document.getElementById("checking");
        if (status) status.hidden = true;
      } else {
        running();
      }
    });
  });
  var print = document.getElementById("print");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", function () { window.print(); });
  }
  // Back from the result: the note does not stay.
  window.addEventListener("pageshow", function (event) {
    var status = document.getElementById("checking");
    if (event.persisted && status) status.hidden = true;
  });
})();
