/* Newer state for a release guide, and buttons that copy commands.

   One request after the page has loaded: to a snapshot on the same site, else to the release issue. Only text and
   attributes of elements that are there already are changed; whatever goes wrong, the page stays as it was built. */
(() => {
  "use strict";
  const FRESH = 60_000; // milliseconds for which an answer, also a failed one, is not asked for again
  const TIMEOUT = 4_000;
  const SIGNS = { done: "✔", todo: "○", waiting: "…", failed: "✘", manual: "?", blocked: "·", skipped: "–", unknown: "!" };
  const settled = (status) => status === "done" || status === "skipped";
  let timer = 0;

  function start() {
    clearTimeout(timer);
    const header = document.querySelector(".fastrel-header");
    if (!header) return;
    document.documentElement.classList.add("fastrel-ready");
    const url = header.dataset.fastrelSnapshot || header.dataset.fastrelTracker;
    if (url && mayAsk(url)) refresh(header, new URL(url, location.href).href);
  }

  /* Material's own rule: with its consent dialogue, GitHub is asked only after a yes. */
  function mayAsk(url) {
    if (new URL(url, location.href).origin === location.origin) return true;
    if (!document.querySelector("[data-md-component=consent]")) return true;
    try {
      const consent = typeof window.__md_get === "function" ? window.__md_get("__consent") : null;
      return Boolean(consent && consent.github);
    } catch {
      return false;
    }
  }

  async function refresh(header, url) {
    const kept = recall(url);
    const data = kept ? kept.data : await ask(url);
    if (!kept) remember(url, data);
    if (!header.isConnected) return;
    let open = true;
    try {
      if (data && typeof data === "object") open = "schema" in data ? showReport(header, data) : showTracker(header, data);
    } catch {
      /* malformed: the page stays as it was built */
    }
    if (open) later(header, url);
  }

  /* While a release is in progress and somebody looks at the page, ask again. */
  function later(header, url) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!header.isConnected) return;
      if (document.visibilityState === "visible") refresh(header, url);
      else document.addEventListener("visibilitychange", () => header.isConnected && refresh(header, url), { once: true });
    }, FRESH + 1_000);
  }

  async function ask(url) {
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), TIMEOUT);
    try {
      const answer = await fetch(url, {
        headers: { Accept: "application/json" },
        credentials: "omit",
        cache: "no-cache",
        signal: abort.signal,
      });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    } finally {
      clearTimeout(limit);
    }
  }

  function recall(url) {
    try {
      const kept = JSON.parse(sessionStorage.getItem(`fastrel:${url}`));
      const age = kept ? Date.now() - kept.at : -1;
      return age >= 0 && age < FRESH ? kept : null;
    } catch {
      return null;
    }
  }

  function remember(url, data) {
    try {
      sessionStorage.setItem(`fastrel:${url}`, JSON.stringify({ at: Date.now(), data }));
    } catch {
      /* no storage, or a full one */
    }
  }

  /* A report in its JSON form. Returns whether the release is still in progress. */
  function showReport(header, report) {
    const at = Date.parse(report.at);
    if (report.schema !== "fastrel.report/1" || report.version !== header.dataset.fastrelVersion) return false;
    const open = !report.tracker || report.tracker.state === "open";
    if (!(at >= Date.parse(header.dataset.fastrelAt))) return open;
    const steps = new Map(report.steps.map((step) => [step.id, step]));
    for (const item of document.querySelectorAll("[data-fastrel-step]")) {
      const step = steps.get(item.dataset.fastrelStep);
      if (!step || !(step.status in SIGNS)) continue;
      showStep(item, {
        status: step.status,
        ticked: settled(step.status) || Boolean(step.ticked),
        unverified: Boolean(step.ticked && step.unverified),
        summary: String(step.summary),
        links: step.links,
        by: step.ticked ? ticker(step.ticked.by, step.ticked.at, step.ticked.skipped) : "",
      });
    }
    if (report.milestone) showMilestone(header, report.milestone.open_issues, report.milestone.closed_issues);
    showHeader(header, report.steps, at, "snapshot", open);
    return open;
  }

  /* The release issue: its ticks are what the tool or a person wrote; a tick is all that it can add. */
  function showTracker(header, issue) {
    const body = String(issue.body);
    const version = /<!-- fastrel tracker [^>]*version="([^"]*)"/.exec(body);
    if (!version || decode(version[1]) !== header.dataset.fastrelVersion) return false;
    const open = issue.state === "open";
    const seen = new Set();
    for (const line of body.split(/\r?\n/)) {
      const row = /^[ \t>]*(?:[-*+]|\d+[.)])\s+\[([ xX])\].*?<!-- step ([a-z0-9-]+) -->(.*)$/.exec(line);
      if (!row || seen.has(row[2])) continue;
      seen.add(row[2]);
      const item = document.querySelector(`[data-fastrel-step="${row[2]}"]`);
      if (!item || row[1] === " ") continue;
      const evidence = attributes(row[3]);
      const shown = statusOf(item);
      const doubted = item.querySelector(".fastrel-unverified");
      // A box that somebody ticked in the browser has no evidence yet; whether it is true only a check can say.
      const bare = !evidence.summary && !evidence.skip && !settled(shown);
      const unverified = bare || Boolean(doubted && doubted.textContent) || (evidence.summary || "").startsWith("unverified");
      showStep(item, {
        status: unverified || settled(shown) ? shown : evidence.skip ? "skipped" : "done",
        ticked: true,
        unverified,
        summary: settled(shown) || unverified ? null : evidence.skip || evidence.summary,
        links: settled(shown) || unverified ? null : [], // those of the build are no longer about this
        by: ticker(evidence.by, evidence.at, evidence.skip),
      });
    }
    const steps = [...document.querySelectorAll("[data-fastrel-step]")];
    const milestone = header.querySelector(".fastrel-milestone a");
    if (issue.milestone && milestone && milestone.href === issue.milestone.html_url) {
      // GitHub counts the tracker among the issues of its milestone; the page does not.
      showMilestone(header, issue.milestone.open_issues - (open ? 1 : 0), issue.milestone.closed_issues - (open ? 0 : 1));
    }
    const rows = steps.map((item) => ({ id: item.dataset.fastrelStep, status: statusOf(item) }));
    showHeader(header, rows, Date.now(), "tracker", open);
    return open;
  }

  function showStep(item, step) {
    const state = item.querySelector(".fastrel-state");
    const box = item.querySelector("input[type=checkbox]");
    if (!state) return;
    if (box) box.checked = step.ticked;
    state.className = `fastrel-state fastrel-${step.status}`;
    write(state, ".fastrel-sign", SIGNS[step.status]);
    write(state, ".fastrel-status", step.status);
    if (step.summary !== null) write(state, ".fastrel-evidence", step.summary);
    if (step.by) write(state, ".fastrel-ticked", step.by);
    write(state, ".fastrel-unverified", step.unverified ? "unverified" : "");
    if (step.links) {
      [...state.querySelectorAll(".fastrel-links a")].forEach((anchor, index) => {
        const link = step.links[index];
        const safe = link && /^https?:\/\//i.test(link.url);
        anchor.hidden = !safe;
        if (!safe) return;
        anchor.href = link.url;
        anchor.textContent = link.text;
      });
    }
    const command = state.querySelector(":scope > .fastrel-command");
    if (command) command.hidden = settled(step.status) || step.status === "blocked";
  }

  function showHeader(header, steps, at, source, open) {
    const done = steps.filter((step) => settled(step.status)).length;
    showProgress(header, done, steps.length);
    for (const line of document.querySelectorAll(".fastrel-phase")) {
      const own = itemsBelow(line);
      if (own.length) showProgress(line, own.filter((item) => settled(statusOf(item))).length, own.length);
    }
    const next = steps.find((step) => !settled(step.status));
    const anchor = header.querySelector(".fastrel-next a");
    if (anchor) anchor.closest(".fastrel-next").hidden = !next;
    if (anchor && next && /^[a-z0-9-]+$/.test(next.id)) {
      // The tracker does not say who may do it; the page does, as long as it is the same step.
      const same = anchor.textContent === next.id;
      if (next.role || !same) write(header, ".fastrel-next-role", ` (${next.status}${next.role ? `, needs ${next.role}` : ""})`);
      anchor.textContent = next.id;
      anchor.setAttribute("href", `#step-${next.id}`);
    }
    if (!open) write(header, ".fastrel-tracker-state", " (closed)");
    const time = header.querySelector(".fastrel-age time");
    if (time) {
      const iso = new Date(at).toISOString();
      time.setAttribute("datetime", iso);
      time.textContent = `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
      write(header, ".fastrel-source", `(${source})`);
      header.dataset.fastrelAt = iso;
    }
  }

  /* The steps between a phase's progress and the next phase's. */
  function itemsBelow(line) {
    const lines = [...document.querySelectorAll(".fastrel-phase")];
    const next = lines[lines.indexOf(line) + 1];
    const after = Node.DOCUMENT_POSITION_FOLLOWING;
    return [...document.querySelectorAll("[data-fastrel-step]")].filter(
      (item) => line.compareDocumentPosition(item) & after && !(next && next.compareDocumentPosition(item) & after),
    );
  }

  function showProgress(parent, done, total) {
    const bar = parent.querySelector(".fastrel-bar");
    if (bar) bar.value = done;
    write(parent, ".fastrel-count", `${done} of ${total} steps`);
  }

  function showMilestone(header, open, closed) {
    if (Number.isInteger(open) && Number.isInteger(closed)) {
      write(header, ".fastrel-milestone-count", ` ${open} open, ${closed} closed`);
    }
  }

  function statusOf(item) {
    const state = item.querySelector(".fastrel-state");
    return Object.keys(SIGNS).find((status) => state && state.classList.contains(`fastrel-${status}`)) || "unknown";
  }

  function ticker(by, at, skipped) {
    const moment = typeof at === "string" && !Number.isNaN(Date.parse(at)) ? new Date(at).toISOString() : "";
    const when = moment ? ` on ${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC` : "";
    return `${skipped ? "skipped" : "ticked"} by ${typeof by === "string" && by ? by : "hand"}${when}`;
  }

  function attributes(text) {
    const inside = /<!-- \/step (.*?)-->/.exec(text);
    const found = {};
    for (const [, key, value] of (inside ? inside[1] : "").matchAll(/([a-z]+)="([^"]*)"/g)) found[key] = decode(value);
    return found;
  }

  function decode(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  function write(parent, selector, text) {
    const element = parent.querySelector(selector);
    if (element && element.textContent !== text) element.textContent = text;
  }

  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest(".fastrel-copy") : null;
    if (!button || !navigator.clipboard) return;
    try {
      await navigator.clipboard.writeText(button.previousElementSibling.textContent);
      button.classList.add("fastrel-copied");
      setTimeout(() => button.classList.remove("fastrel-copied"), 1_500);
    } catch {
      /* the browser refuses; the command can still be selected */
    }
  });

  // Material's instant navigation replaces the page without loading it.
  if (window.document$ && typeof window.document$.subscribe === "function") window.document$.subscribe(start);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
