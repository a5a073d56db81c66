// The till: checks the sum before the order is sent. Without this file the form is sent as it is.
const checkout = document.getElementById("checkout");

function placeOrder(event) {
  event.preventDefault();
  const button = document.getElementById("place-order");
  // The fault "JavaScript error" leaves #till out of the page: the next line throws, and the order is never sent.
  const cents = Number(document.getElementById("till").dataset.cents);
  if (!Number.isInteger(cents) || cents <= 0) {
    throw new RangeError(`The till shows ${cents} cents`);
  }
  button.disabled = true;
  button.textContent = "Placing the order …";
  checkout.submit();
}

if (checkout) {
  checkout.addEventListener("submit", placeOrder);
}
