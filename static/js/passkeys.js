/* Passkeys: asks the browser for one and hands its answer to the form. All that is said stands in the page. */
(function () {
  "use strict";

  const BYTES = ["challenge", "id"]; // fields that are bytes for the browser and text on the way
  const NAMES = { NotAllowedError: "givenUp", AbortError: "givenUp", InvalidStateError: "knownAlready", SecurityError: "unknown" };

  function toBytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  }

  function toText(buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function forBrowser(value) {
    if (Array.isArray(value)) return value.map(forBrowser);
    if (value === null || typeof value !== "object") return value;
    const ready = {};
    for (const [name, part] of Object.entries(value)) {
      if (name === "rp") ready.rp = part; // its id is a name
      else if (BYTES.includes(name) && typeof part === "string") ready[name] = toBytes(part);
      else if (part !== null) ready[name] = forBrowser(part);
    }
    return ready;
  }

  function forServer(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    return {
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      response: response,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  }

  async function optionsOf(form) {
    if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no options");
    return answer.json();
  }

  async function ask(form) {
    const options = await optionsOf(form);
    if (form.dataset.passkey === "get") {
      return navigator.credentials.get({ publicKey: forBrowser(options.request_options.publicKey) });
    }
    const publicKey = forBrowser(options.creation_options.publicKey);
    // Alone it must lie on the device and be unlocked there; beside a password any key will do.
    const alone = form.elements.passwordless.checked;
    Object.assign(publicKey.authenticatorSelection, {
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      userVerification: alone ? "required" : "preferred",
    });
    return navigator.credentials.create({ publicKey: publicKey });
  }

  function tell(form, name) {
    const told = form.querySelector("[data-passkey-told]");
    told.textContent = told.dataset[name];
    told.hidden = false;
  }

  async function send(event) {
    const form = event.target;
    event.preventDefault();
    form.querySelector("[data-passkey-told]").hidden = true;
    if (!window.PublicKeyCredential) return tell(form, "unknown");
    try {
      form.elements.credential.value = JSON.stringify(forServer(await ask(form)));
    } catch (error) {
      return tell(form, NAMES[error.name] || "failed");
    }
    form.submit();
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) form.addEventListener("submit", send);
})();
