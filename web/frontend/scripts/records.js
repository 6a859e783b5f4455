// Records: a choice shows at once; a day that is picked means the range of dates.
const form = document.querySelector("[data-asked]");

if (form) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-day]")) {
      form.querySelector('input[value="dates"]').checked = true;
      return;
    }
    if (event.target.matches("select, input[type=radio]:not([value=dates])")) {
      form.requestSubmit();
    }
    if (event.target.matches('input[value="dates"]')) form.querySelector("#from").focus();
  });
}
