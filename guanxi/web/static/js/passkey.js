// Passkeys: a form with data-passkey="get" or "create" asks the server for options, the device for an answer, and then sends itself.
// Where the browser knows no passkeys the form stays hidden. https://www.w3.org/TR/webauthn-3/
import { toast } from "./toast.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function opened(options) {
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
  const key = { ...options, challenge: bytes(options.challenge) };
  if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
  if (key.excludeCredentials) key.excludeCredentials = known(key.excludeCredentials);
  if (key.allowCredentials) key.allowCredentials = known(key.allowCredentials);
  return key;
}

function closed(made) {
  const { response } = made;
  const said = { clientDataJSON: words(response.clientDataJSON) };
  if (response.attestationObject) said.attestationObject = words(response.attestationObject);
  if (response.authenticatorData) said.authenticatorData = words(response.authenticatorData);
  if (response.signature) said.signature = words(response.signature);
  if (response.userHandle) said.userHandle = words(response.userHandle);
  return JSON.stringify({ id: made.id, rawId: words(made.rawId), type: made.type, response: said, clientExtensionResults: {} });
}

async function ask(form) {
  const answer = await fetch(form.dataset.options, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail || "");
  const publicKey = opened(said.publicKey);
  const made = form.dataset.passkey === "create" ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
  form.elements.passkey.value = closed(made);
}

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  if (!window.PublicKeyCredential) return;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    if (form.elements.passkey.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.asking) return;
    form.asking = true;
    ask(form)
      .then(() => HTMLFormElement.prototype.submit.call(form))
      .catch((error) => toast((error.name === "Error" && error.message) || form.dataset.failed))
      .finally(() => { form.asking = false; });
  }, true);
});
