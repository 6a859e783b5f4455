// Records: a choice shows at once; a day that is picked means the range of dates.
import { around, first, the } from "./page.js";

const form = first(document, "[data-asked]", HTMLFormElement);

/** @param {HTMLFormElement} asked */
function asks(asked) {
  asked.addEventListener("change", (event) => {
    const field = around(event, "input, select");
    if (field?.matches("[data-day]")) {
      the(asked, 'input[value="dates"]', HTMLInputElement).checked = true;
    } else if (field?.matches("select, input[type=radio]:not([value=dates])")) {
      asked.requestSubmit();
    } else if (field?.matches('input[value="dates"]')) {
      the(asked, "#from", HTMLElement).focus();
    }
  });
}

if (form) asks(form);
