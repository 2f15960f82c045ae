/* On a phone figures are for reading; entry stays for desks with a keyboard. */

const PHONE = matchMedia("(max-width: 30rem)");

/** Keep the inputs that were open from being written in, as long as the page is a phone's. */
export const readOnPhones = (inputs) => {
  const open = inputs.filter((input) => !input.readOnly);
  const set = () => {
    for (const input of open) input.readOnly = PHONE.matches;
  };
  PHONE.addEventListener("change", set);
  set();
};
