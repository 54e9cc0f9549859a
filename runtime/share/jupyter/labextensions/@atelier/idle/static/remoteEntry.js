// Says in JupyterLab that the server is about to be stopped as idle, with a button to keep it.
//
// Written by hand in the shape JupyterLab loads (a module-federation container), because sixty
// lines that import nothing need no bundler.
(() => {
  "use strict";

  const NAME = "@atelier/idle";
  const LOOK_MS = 30_000;
  const WARN_MS = 10 * 60_000;

  const TEXTS = {
    en: {
      warn: (minutes) =>
        `Nothing runs here. This server will be stopped in ${minutes} min; your files stay.`,
      keep: "Keep it running",
      failed: "That did not work. Try again from the portal.",
    },
    fr: {
      warn: (minutes) =>
        `Rien ne tourne ici. Ce serveur sera arrêté dans ${minutes} min ; vos fichiers restent.`,
      keep: "Le garder en marche",
      failed: "Cela n’a pas marché. Réessayez depuis le portail.",
    },
  };

  const language = () => {
    const chosen = document.documentElement.lang || navigator.language || "en";
    return chosen.toLowerCase().startsWith("fr") ? TEXTS.fr : TEXTS.en;
  };

  const address = (path) => {
    const config = JSON.parse(document.getElementById("jupyter-config-data")?.textContent ?? "{}");
    return new URL(`${config.baseUrl ?? "/"}atelier/${path}`, window.location.href);
  };

  // JupyterHub wants the token on reads by cookie too. A failed request is null: a hub or server
  // that restarts is no news.
  const ask = (method, path) => {
    const token = document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? "";
    return fetch(address(path), { method, headers: { "X-XSRFToken": token } }).catch(() => null);
  };

  const banner = () => {
    const box = document.createElement("div");
    box.id = "atelier-idle";
    box.setAttribute("role", "status");
    Object.assign(box.style, {
      position: "fixed", insetInline: "0", bottom: "32px", marginInline: "auto", zIndex: "10000",
      width: "fit-content", maxWidth: "90vw", display: "none", gap: "12px", alignItems: "center",
      padding: "10px 16px", borderRadius: "6px", font: "var(--jp-ui-font-size1) var(--jp-ui-font-family)",
      color: "var(--jp-ui-font-color1)", background: "var(--jp-layout-color1)",
      border: "1px solid var(--jp-warn-color1)", boxShadow: "0 4px 16px rgb(0 0 0 / 25%)",
    });
    const text = document.createElement("span");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "jp-mod-styled jp-mod-accept";
    box.append(text, button);
    document.body.append(box);
    return { box, text, button };
  };

  const activate = () => {
    const { box, text, button } = banner();

    const show = (idleStopAt) => {
      const left = idleStopAt ? new Date(idleStopAt).getTime() - Date.now() : Infinity;
      const near = left < WARN_MS;
      box.style.display = near ? "flex" : "none";
      if (near) text.textContent = language().warn(Math.max(1, Math.round(left / 60_000)));
      button.textContent = language().keep;
    };

    const look = async () => {
      const answer = await ask("GET", "status");
      if (answer?.ok) show((await answer.json()).idle_stop_at);
    };

    button.addEventListener("click", async () => {
      const answer = await ask("POST", "keep-running");
      if (answer?.ok) show(null);
      else text.textContent = language().failed;
    });

    setInterval(look, LOOK_MS);
    return look();
  };

  const plugin = { id: `${NAME}:plugin`, autoStart: true, activate };
  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB[NAME] = {
    init: () => undefined,
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
