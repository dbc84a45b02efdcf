/* Newer state for a release guide, relative times, a filter, a small bar, and buttons that copy commands.

   State comes from a snapshot of the site, else from the data that the command line has written into the release issue;
   no Markdown is read. Text is set as text. Whatever goes wrong, the page stays as it was built. */
(() => {
  "use strict";
  const SLOW = 310; // seconds between two requests when nothing changes: twelve an hour
  const QUICK = 10; // after a change
  const HOURLY = 12; // requests an hour while nothing changes, whoever looks at the page
  const KEPT = 60; // seconds for which an answer serves other pages of the site, too
  const TIMEOUT = 4_000;
  const STATUSES = ["done", "todo", "waiting", "failed", "manual", "blocked", "skipped", "unknown"];
  const TRUSTED = ["OWNER", "MEMBER", "COLLABORATOR"]; // author_association of those who may write a release issue
  const GIVEN_UP = ["not_planned", "duplicate"]; // reasons of a release issue that was closed without its release
  const WORDS = {
    done: "done", todo: "ready", waiting: "waiting", failed: "failed", manual: "needs a person", blocked: "blocked",
    skipped: "skipped", unknown: "could not be read", count: "{settled} of {total} steps",
    is_finished: "Finished: every step is done or skipped", is_ended: "This release was given up", is_failed_one: "Blocked: a step failed",
    is_failed: "Blocked: {count} steps failed", is_waiting: "Waiting", is_manual: "Waiting for a person",
    is_todo: "Ready for the next step", is_blocked: "Blocked", is_unknown: "A step could not be read",
    contradicted_one: "1 tick that GitHub contradicts", contradicted_more: "{count} ticks that GitHub contradicts",
    next: "Next:", failed_step: "Failed:", needs: "needs {role} access", milestone_count: "{open} open, {closed} closed", closed: "closed",
    ticks_read: "Ticks read", refresh_failed: "Newer state could not be read at {time} ({why}).",
    refresh_wait: "GitHub asks to wait until {time}.", server_wait: "The server asks to wait until {time}.", no_answer: "no answer",
    refresh_gone: "GitHub does not show the release issue: it was deleted or moved, or it is private.",
    unreadable: "The newer state has no form that this page can read.", other_release: "The newer state is about {version}, so it is not shown.",
    other_steps: "The newer state is about other steps than this page, so it is not shown.",
    no_state: "The release issue holds no state that this page can read.",
    contradicted: "ticked, but GitHub contradicts it", unconfirmed: "ticked in the browser, not checked yet",
    by: "by {login}", by_hand: "by hand", skipped_by: "skipped by {login}", skipped_hand: "skipped",
    step: "Step {step}: {status}", copied: "copied", blocked_by: "Blocked until this is done:",
    and_more: "and {count} more", given_up: "{version} (given up)", notes: "notes", compare: "changes", day: "1 day",
    days: "{count} days", hour: "1 hour", hours: "{count} hours", minute: "1 minute", minutes: "{count} minutes",
    moment: "less than a minute", a_overdue: "overdue", a_unverified_one: "1 tick contradicted",
    a_unverified: "{count} ticks contradicted", a_finished: "all steps done, still open",
    a_quiet: "quiet for {count} days", nothing_left: "nothing left", no_steps: "no steps",
  };
  const own = (object, key) => (object && Object.hasOwn(object, key) ? object[key] : undefined);
  const isSettled = (status) => status === "done" || status === "skipped";
  const string = (value) => (typeof value === "string" ? value : "");
  const list = (value) => (Array.isArray(value) ? value : []);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  let translated = {};
  let feeds = [];

  function words(key, values = {}) {
    const text = string(own(translated, key)) || own(WORDS, key) || key;
    return text.replace(/\{(\w+)\}/g, (found, name) => (Object.hasOwn(values, name) ? String(values[name]) : found));
  }

  /* ---- elements ---- */

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children.filter((child) => child !== ""));
    return element;
  }

  function write(parent, selector, text) {
    const element = parent && parent.querySelector(selector);
    if (element && element.textContent !== text) element.textContent = text;
    return element;
  }

  const link = (text, url) => (/^https?:\/\//i.test(string(url)) ? make("a", { href: url }, text) : text);

  /* A short name for an address that has none of its own. */
  function label(text, url) {
    if (text && text !== url) return text;
    const found = /\/(?:issues|pull|discussions)\/(\d+)$|\/commit\/([0-9a-f]{7})|\/releases\/tag\/([^/]+)$|\/(milestone)\/\d+$/.exec(url);
    if (found) return found[1] ? `#${found[1]}` : found[2] || found[3] || found[4];
    return url.replace(/^https?:\/\//i, "").split(/[?#]/)[0].split("/").filter(Boolean).pop() || url;
  }

  /* The summary with its links, each once: in place of its words, else behind. */
  function evidence(summary, links) {
    const parts = [];
    const behind = [];
    let rest = summary;
    for (const { text, url } of links) {
      const at = text ? rest.indexOf(text) : -1;
      if (at < 0) {
        behind.push(" ", link(text, url));
        continue;
      }
      parts.push(rest.slice(0, at), link(text, url));
      rest = rest.slice(at + text.length);
    }
    return [...parts, rest, ...behind].filter((one) => one !== "");
  }

  function time(at) {
    const iso = new Date(at).toISOString();
    return tell(make("time", { datetime: iso }, `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`));
  }

  /* How long ago a moment is; the exact one stands in the title. */
  function tell(element) {
    const at = Date.parse(element.getAttribute("datetime"));
    if (Number.isNaN(at) || !("RelativeTimeFormat" in Intl)) return element;
    if (!element.title) element.title = element.textContent;
    const past = (Date.now() - at) / 1000;
    const units = [["year", 31_557_600], ["month", 2_629_800], ["day", 86_400], ["hour", 3_600], ["minute", 60]];
    const [unit, length] = units.find(([, size]) => Math.abs(past) >= size) || ["second", 1];
    // days stay dates, with the exact time for the pointer; in the past, "9 days ago" says nothing
    if (element.matches("[data-fastrel-day], [data-fastrel-exact]")) return element;
    if (past < -60) {
      // what has happened is never in the future: the clock of this computer is wrong, so the exact time is shown
      if (element.textContent !== element.title) element.textContent = element.title;
      return element;
    }
    const format = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });
    const text = unit === "second" ? format.format(0, "second") : format.format(-Math.round(past / length), unit);
    if (element.textContent !== text) element.textContent = text;
    return element;
  }

  const clock = (at) => new Date(at).toISOString().slice(11, 16) + " UTC";

  function lasted(from, to) {
    const seconds = Math.max((Date.parse(to) - Date.parse(from)) / 1000, 0);
    for (const [unit, length] of [["day", 86_400], ["hour", 3_600], ["minute", 60]]) {
      if (seconds >= 2 * length || (seconds >= length && unit === "minute")) {
        const count = Math.round(seconds / length);
        return count === 1 ? words(unit) : words(`${unit}s`, { count });
      }
    }
    return words("moment");
  }

  /* ---- what the page was built with ---- */

  function built() {
    return all("[data-fastrel-step][data-fastrel-status]").map((item) => {
      const data = item.dataset;
      const box = item.querySelector(":scope .fastrel-box input");
      const shown = item.querySelector(".fastrel-evidence");
      const title = item.querySelector(".fastrel-title");
      const at = item.querySelector(".fastrel-ticked time");
      return {
        item,
        id: data.fastrelStep,
        phase: Number(data.fastrelPhase),
        title: title ? title.textContent.trim().replace(/\.$/, "") : data.fastrelStep,
        status: data.fastrelStatus,
        alone: data.fastrelAlone || data.fastrelStatus,
        aloneSummary: data.fastrelSummary,
        needs: (data.fastrelNeeds || "").split(" ").filter(Boolean),
        role: data.fastrelRole,
        contradicted: item.classList.contains("fastrel-contradicted"),
        tickedAt: at ? Date.parse(at.getAttribute("datetime")) : NaN,
        decided: "fastrelDecided" in data,
        byHand: "fastrelHand" in data,
        ticked: Boolean(box && box.checked),
        evidence: shown ? [...shown.childNodes].map((one) => one.cloneNode(true)) : [],
      };
    });
  }

  /* Of a header that stands alone, on another page than its steps. */
  function builtAlone(header) {
    try {
      return list(JSON.parse(header.dataset.fastrelSteps)).map((data) => ({
        item: null, id: data.id, phase: data.phase, title: data.title, status: data.status, role: data.role,
        alone: data.alone || data.status, aloneSummary: data.summary, needs: list(data.needs),
        contradicted: Boolean(data.contradicted), tickedAt: Date.parse(string(data.at)), decided: Boolean(data.decided),
        byHand: Boolean(data.hand), ticked: Boolean(data.ticked), evidence: [],
      }));
    } catch {
      return [];
    }
  }

  /* ---- from data to the state of each step ---- */

  function fromReport(steps, report) {
    const found = new Map(list(report.steps).map((step) => [string(step.id), step]));
    return steps.map((step) => {
      const data = found.get(step.id);
      const status = STATUSES.includes(data.status) ? data.status : "unknown";
      const links = list(data.links).map((one) => ({ text: string(one.text), url: string(one.url) }));
      const tick = data.ticked || null;
      return {
        ...step,
        status,
        ticked: Boolean(tick) || isSettled(status),
        contradicted: Boolean(tick && data.unverified),
        evidence: evidence(string(data.summary), links.filter((one) => !/\/releases\/(tag\/untagged-|edit\/)/.test(one.url))),
        tick,
      };
    });
  }

  /* `seen` holds the ticks that an earlier answer had. */
  function fromTicks(steps, ticks, seen) {
    const found = steps.map((step) => {
      const tick = own(ticks, step.id);
      const was = isSettled(step.status);
      if (tick === undefined || tick === null || typeof tick !== "object") {
        // Taken back: what only the tick had proven is open again; what GitHub shows stays done.
        if (!was) return open(step, false);
        // Ticked in the browser before the build: the command line writes it down with its next command.
        if (step.decided && Number.isNaN(step.tickedAt) && !seen.has(step.id)) return step;
        return step.decided ? open({ ...step, alone: step.byHand ? "manual" : "todo", aloneSummary: "" }, false) : { ...step, tick: null };
      }
      const known = Boolean(tick.summary || tick.by || tick.at || tick.skipped);
      const asBuilt = step.contradicted && Math.abs(step.tickedAt - Date.parse(string(tick.at))) < 2_000;
      if (tick.unverified || asBuilt) return { ...open({ ...step, alone: was ? "todo" : step.alone }, true), contradicted: true, tick };
      if (!known && !was && !step.byHand) return { ...open(step, true), unconfirmed: true, tick };
      const links = list(tick.links).map((one) => ({ text: label(string(one && one[0]), string(one && one[1])), url: string(one && one[1]) }));
      const status = tick.skipped ? "skipped" : "done";
      const same = was && step.status === status;
      return { ...step, status, ticked: true, contradicted: false, evidence: same ? step.evidence : evidence(string(tick.summary), links), tick };
    });
    return inOrder(found);
  }

  function open(step, ticked) {
    const summary = step.aloneSummary === undefined ? step.evidence : evidence(step.aloneSummary, []);
    return { ...step, status: step.alone, ticked, contradicted: false, evidence: summary, tick: null };
  }

  /* What could run now is blocked while an earlier phase, or a step that it needs, is not done: as the command line does. */
  function inOrder(steps) {
    const left = new Map(steps.filter((step) => !isSettled(step.status)).map((step) => [step.id, step]));
    const before = (phase) => [...left.values()].filter((step) => step.phase < phase);
    const earlier = new Map();
    return steps.map((step) => {
      if (!earlier.has(step.phase)) earlier.set(step.phase, before(step.phase));
      const first = earlier.get(step.phase);
      const needed = step.needs.map((id) => left.get(id)).filter((one) => one && !first.includes(one));
      const waits = [...first, ...needed];
      if (isSettled(step.status) || !["todo", "manual", "blocked"].includes(step.status)) return step;
      if (!waits.length) return step.status === "blocked" ? { ...step, status: step.byHand ? "manual" : "todo", evidence: [] } : step;
      const more = waits.length > 1 ? ` ${words("and_more", { count: waits.length - 1 })}` : "";
      return { ...step, status: "blocked", evidence: [`→ ${waits[0].title}${more}`] };
    });
  }

  /* ---- showing it ---- */

  function showSteps(header, steps) {
    const alone = "fastrelSteps" in header.dataset;
    const bar = alone ? null : sticky();
    if (!alone) steps.forEach((step) => showStep(step, steps));
    const done = steps.filter((step) => isSettled(step.status)).length;
    showProgress(header, done, steps.length);
    all(".fastrel-cell", header).forEach((cell, at) => {
      const step = steps[at];
      if (!step) return;
      cell.className = `fastrel-cell fastrel-${step.status}${step.contradicted ? " fastrel-contradicted" : ""}`;
      cell.title = `${step.title}: ${words(step.status)}`;
    });
    const failed = steps.filter((step) => step.status === "failed");
    const ended = "fastrelGivenUp" in header.dataset;
    const next = ended ? null : failed[0] || steps.find((step) => !isSettled(step.status));
    const kind = ended ? "ended" : next ? next.status : "finished";
    for (const one of [header, bar]) {
      if (one) one.className = one.className.replace(/fastrel-is-\w+/, `fastrel-is-${kind}`);
    }
    const said = ended ? words("is_ended") : failed.length === 1 ? words("is_failed_one") : failed.length ? words("is_failed", { count: failed.length }) : words(`is_${kind}`);
    write(header, ".fastrel-verdict-words", said);
    showCounts(header, steps.filter((step) => step.contradicted).length);
    if (!next) all(".fastrel-late", header).forEach((chip) => chip.remove());
    const line = header.querySelector(".fastrel-next");
    if (line) line.hidden = !next;
    write(line, ".fastrel-next-label", words(failed.length ? "failed_step" : "next"));
    for (const anchor of [header, bar].flatMap((one) => (one ? all(".fastrel-next-link", one) : []))) {
      anchor.textContent = next ? next.title : "";
      anchor.setAttribute("href", next ? `${alone ? header.dataset.fastrelPage || "" : ""}#step-${next.id}` : "#");
    }
    if (next) {
      const why = ["failed", "waiting", "unknown"].includes(next.status) ? next.evidence.map((one) => one.textContent || one).join("") : "";
      write(header, ".fastrel-next-why", why);
      const people = (header.dataset.fastrelAssignees || "").split(" ").filter(Boolean).slice(0, 3).map((login) => `@${login}`);
      write(header, ".fastrel-next-role", [words("needs", { role: next.role }), ...people].join(" · "));
    }
    if (alone) return;
    write(bar, ".fastrel-count", words("count", { settled: done, total: steps.length }));
    all(".fastrel-phase").forEach((phase) => showPhase(phase, steps));
    showContents(steps);
    applyFilter(header);
  }

  function showStep(step, steps) {
    const { item } = step;
    const state = item.querySelector(".fastrel-state");
    const box = item.querySelector(".fastrel-box input");
    const classes = STATUSES.map((one) => `fastrel-${one}`);
    item.classList.remove(...classes, "fastrel-contradicted", "fastrel-by-phase");
    item.classList.add(`fastrel-${step.status}`);
    item.classList.toggle("fastrel-contradicted", Boolean(step.contradicted));
    const earlier = steps.some((one) => one.phase < step.phase && !isSettled(one.status));
    item.classList.toggle("fastrel-by-phase", step.status === "blocked" && earlier);
    if (box) {
      box.checked = step.ticked;
      box.setAttribute("aria-label", words("step", { step: step.id, status: words(step.status) }));
    }
    if (!state) return;
    write(state, ".fastrel-status", words(step.status));
    write(state, ".fastrel-unverified", step.contradicted ? words("contradicted") : step.unconfirmed ? words("unconfirmed") : "");
    const shown = state.querySelector(".fastrel-evidence");
    const fresh = step.evidence.map((one) => (one.cloneNode ? one.cloneNode(true) : document.createTextNode(one)));
    if (shown && shown.textContent !== fresh.map((one) => one.textContent).join("")) shown.replaceChildren(...fresh);
    if ("tick" in step) showTick(state.querySelector(".fastrel-ticked"), step.tick);
    const command = state.querySelector(":scope > .fastrel-command");
    if (command) command.hidden = isSettled(step.status) || step.status === "blocked";
  }

  function showTick(element, tick) {
    if (!element) return;
    if (!tick) {
      element.replaceChildren();
      return;
    }
    const login = string(tick.by);
    const who = tick.skipped ? (login ? words("skipped_by", { login }) : words("skipped_hand")) : login ? words("by", { login }) : words("by_hand");
    const at = Date.parse(string(tick.at));
    element.replaceChildren(who, ...(Number.isNaN(at) ? [] : [" ", time(at)]));
  }

  function showCounts(header, contradicted) {
    const chips = header.querySelector(".fastrel-counts");
    if (!chips) return;
    let chip = chips.querySelector(".fastrel-contradictions");
    if (!contradicted) {
      if (chip) chip.remove();
      return;
    }
    if (!chip) chips.prepend((chip = make("span", { class: "fastrel-chip fastrel-contradictions" })), " ");
    chip.textContent = contradicted === 1 ? words("contradicted_one") : words("contradicted_more", { count: contradicted });
  }

  function showPhase(line, steps) {
    const below = itemsBelow(line);
    const mine = steps.filter((step) => below.has(step.item));
    if (!mine.length) return;
    const done = mine.filter((step) => isSettled(step.status)).length;
    showProgress(line, done, mine.length);
    const before = done < mine.length ? steps.filter((step) => step.phase < mine[0].phase && !isSettled(step.status)) : [];
    const next = line.nextElementSibling;
    const blocked = next && (next.matches(".fastrel-phase-blocked") ? next : next.querySelector(":scope > .fastrel-phase-blocked"));
    if (blocked) {
      blocked.hidden = !before.length;
      const anchor = blocked.querySelector("a");
      if (anchor && before.length) {
        anchor.textContent = before[0].title;
        anchor.setAttribute("href", `#step-${before[0].id}`);
        write(blocked, ".fastrel-phase-more", before.length > 1 ? ` ${words("and_more", { count: before.length - 1 })}` : "");
      }
    }
    const fold = line.closest(".fastrel-fold");
    if (fold && done < mine.length) fold.open = true; // closing under a reader's eyes is left to the next build
  }

  /* The steps between a phase's progress and the next phase's. */
  function itemsBelow(line) {
    const lines = all(".fastrel-phase");
    const next = lines[lines.indexOf(line) + 1];
    const after = Node.DOCUMENT_POSITION_FOLLOWING;
    return new Set(
      all("[data-fastrel-step]").filter(
        (item) => line.compareDocumentPosition(item) & after && !(next && next.compareDocumentPosition(item) & after),
      ),
    );
  }

  function showProgress(parent, settled, total) {
    const bar = parent.querySelector(".fastrel-bar");
    if (bar) bar.value = settled;
    write(parent, ".fastrel-count", words("count", { settled, total }));
  }

  /* Progress behind the phases in the table of contents. */
  function showContents(steps) {
    for (const line of all(".fastrel-phase")) {
      let heading = (line.closest(".fastrel-fold") || line).previousElementSibling;
      while (heading && !/^H[1-6]$/.test(heading.tagName)) heading = heading.previousElementSibling;
      if (!heading || !heading.id) continue;
      const below = itemsBelow(line);
      const mine = steps.filter((step) => below.has(step.item));
      const done = mine.filter((step) => isSettled(step.status)).length;
      for (const anchor of all(`nav a[href$="#${CSS.escape(heading.id)}"], .wy-nav-side a[href$="#${CSS.escape(heading.id)}"], .bs-sidebar a[href$="#${CSS.escape(heading.id)}"]`)) {
        const place = anchor.querySelector(".md-ellipsis") || anchor;
        const shown = place.querySelector(".fastrel-toc") || place.appendChild(make("span", { class: "fastrel-toc", "aria-hidden": "true" }));
        shown.textContent = mine.length && done === mine.length ? "✓" : `${done}/${mine.length}`;
      }
    }
  }

  function showMilestone(header, open, closed) {
    if (Number.isInteger(open) && Number.isInteger(closed)) {
      write(header, ".fastrel-milestone-count", ` ${words("milestone_count", { open, closed })}`);
    }
  }

  function giveUp(header, given) {
    if (given) header.dataset.fastrelGivenUp = "";
    else delete header.dataset.fastrelGivenUp;
  }

  function showTracker(header, number, url, open) {
    const place = header.querySelector(".fastrel-tracker");
    if (!place || !Number.isInteger(number)) return;
    if (!place.querySelector(":scope > a") || "fastrelGivenUp" in header.dataset) {
      const anchor = link(`#${number}`, url);
      place.replaceChildren(anchor, make("span", { class: "fastrel-tracker-state" }));
    }
    write(place, ".fastrel-tracker-state", open ? "" : ` (${words("closed")})`);
  }

  /* ---- one place of newer state ---- */

  class Feed {
    constructor(root, url, take, isIssue) {
      this.root = root;
      this.url = new URL(url, location.href).href;
      this.take = take;
      this.isIssue = isIssue; // else a file that the site publishes
      this.delay = SLOW;
      this.last = null;
      this.timer = 0;
      this.asked = []; // when, in the last hour
      this.changed = -Infinity; // when
      this.channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("fastrel") : null;
      if (this.channel) this.channel.onmessage = ({ data }) => this.heard(data);
    }

    begin() {
      const kept = this.recall();
      if (kept) this.got(kept, false);
      else this.ask();
    }

    end() {
      clearTimeout(this.timer);
      if (this.channel) this.channel.close();
      this.channel = null;
      this.ended = true;
    }

    /* Another tab has asked: its answer serves this one, too. */
    heard(answer) {
      if (this.ended || !answer || answer.url !== this.url) return;
      this.got(answer, false, Math.random() * 5);
    }

    /* Whether it has asked so often that it may not ask again yet. */
    spent() {
      const before = Date.now() - 3_600_000;
      this.asked = this.asked.filter((at) => at > before);
      return this.asked.length >= HOURLY && this.changed < before;
    }

    async ask() {
      clearTimeout(this.timer);
      this.timer = 0;
      if (this.ended || !this.root.isConnected) return;
      const until = this.waits();
      if (Date.now() < until) {
        this.refused(until);
        this.later((until - Date.now()) / 1000 + 1);
        return;
      }
      this.asked.push(Date.now());
      const answer = { url: this.url, at: Date.now(), ...(await request(this.url)) };
      if (this.ended || !this.root.isConnected) return;
      if (this.channel) this.channel.postMessage(answer);
      this.got(answer, true);
    }

    got(answer, mine, spread = 0) {
      const { status, text, at } = answer;
      clearTimeout(this.timer);
      this.timer = 0;
      if (status === 200) {
        if (mine) this.remember(answer);
        const changed = this.last !== null && this.last !== text;
        if (changed) this.changed = Date.now();
        this.delay = changed ? QUICK : Math.min(this.delay * 2, SLOW);
        this.last = text;
        let more = true;
        try {
          more = this.take(this, JSON.parse(text), at);
        } catch {
          this.trouble(words("unreadable")); // the page stays as it was built
        }
        if (more) this.later(this.delay + spread);
        return;
      }
      if (status === 404 || status === 410) {
        this.trouble(this.isIssue ? words("refresh_gone") : words("refresh_failed", { time: clock(at), why: status }));
        return;
      }
      if (status === 403 || status === 429) {
        const until = at + (answer.wait || 900) * 1000;
        this.waits(until);
        this.refused(until);
        this.later((until - Date.now()) / 1000 + 1 + spread);
        return;
      }
      this.trouble(words("refresh_failed", { time: clock(at), why: status || words("no_answer") }));
      this.delay = Math.min(Math.max(this.delay, 60) * 2, SLOW);
      this.later(this.delay + spread);
    }

    later(seconds) {
      clearTimeout(this.timer);
      if (this.ended) return;
      this.timer = setTimeout(() => {
        if (document.visibilityState !== "visible") this.slept = true;
        else if (this.spent()) this.later((this.asked[0] - Date.now()) / 1000 + 3_600);
        else this.ask();
      }, seconds * 1000);
    }

    /* Somebody looks at the page, such as after a command in a terminal: they want to see what it did. */
    woke() {
      if (document.visibilityState !== "visible" || !this.timer || this.spent()) return;
      const wait = (this.asked.at(-1) || 0) / 1000 + QUICK - Date.now() / 1000;
      this.slept = false;
      if (wait > 0) this.later(wait);
      else this.ask();
    }

    refused(until) {
      this.trouble(words(this.isIssue ? "refresh_wait" : "server_wait", { time: clock(until) }));
    }

    trouble(text) {
      write(this.root, ".fastrel-trouble", text ? ` ${text}` : "");
    }

    read(at) {
      this.trouble("");
      const place = this.root.querySelector(".fastrel-read");
      if (!place) return;
      place.hidden = false;
      place.replaceChildren(` · ${words("ticks_read")} `, time(at));
    }

    recall() {
      try {
        const [entry] = performance.getEntriesByType("navigation");
        if (entry && entry.type === "reload" && !Feed.moved) return null;
        const kept = JSON.parse(sessionStorage.getItem(`fastrel:${this.url}`));
        const age = kept ? (Date.now() - kept.at) / 1000 : -1;
        const isOlder = kept && kept.at < Date.parse(this.root.dataset.fastrelAt); // the site was built since then
        return age >= 0 && age < KEPT && !isOlder ? kept : null;
      } catch {
        return null;
      }
    }

    remember(answer) {
      try {
        sessionStorage.setItem(`fastrel:${this.url}`, JSON.stringify(answer));
      } catch {
        /* no storage, or a full one */
      }
    }

    /* Until when the server does not want to be asked; with a time, keep it for other pages and tabs. */
    waits(until) {
      const key = `fastrel:wait:${new URL(this.url).origin}`;
      try {
        if (until) localStorage.setItem(key, String(until));
        const kept = Number(localStorage.getItem(key)) || 0;
        return kept - Date.now() > 86_400_000 ? 0 : kept; // nobody asks to wait so long: the clock was wrong then
      } catch {
        return 0;
      }
    }
  }

  async function request(url) {
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), TIMEOUT);
    try {
      const answer = await fetch(url, {
        headers: { Accept: "application/json" },
        credentials: "omit",
        referrerPolicy: "no-referrer",
        cache: "no-cache",
        signal: abort.signal,
      });
      const after = Number(answer.headers.get("Retry-After"));
      const reset = answer.headers.get("X-RateLimit-Remaining") === "0" ? Number(answer.headers.get("X-RateLimit-Reset")) - Date.now() / 1000 : 0;
      const wait = Math.ceil(Math.min(Math.max(after || 0, Math.min(reset || 0, 3_600)), 86_400)); // limits are hourly
      return { status: answer.status, wait, text: answer.ok ? await answer.text() : "" };
    } catch {
      return { status: 0, wait: 0, text: "" };
    } finally {
      clearTimeout(limit);
    }
  }

  /* ---- what a feed brings; each returns whether to go on asking ---- */

  function takeReport(header, steps) {
    return (feed, report) => {
      const at = Date.parse(string(report && report.at));
      if (!report || report.schema !== "fastrel.report/1") {
        feed.trouble(words("unreadable"));
        return true;
      }
      const going = !report.tracker || report.tracker.state === "open";
      feed.trouble("");
      if (!(at >= Date.parse(header.dataset.fastrelAt))) return going;
      if (report.version !== header.dataset.fastrelVersion) {
        feed.trouble(words("other_release", { version: string(report.version) }));
        return true;
      }
      const ids = new Set(list(report.steps).map((step) => string(step.id)));
      if (report.repository !== header.dataset.fastrelRepository || ids.size !== steps.length || steps.some((step) => !ids.has(step.id))) {
        feed.trouble(words("other_steps"));
        return true;
      }
      if (report.tracker) showTracker(header, report.tracker.number, report.tracker.url, going);
      giveUp(header, Boolean(report.given_up) && !report.tracker);
      showSteps(header, fromReport(steps, report));
      if (report.milestone) showMilestone(header, report.milestone.open_issues, report.milestone.closed_issues);
      const checked = header.querySelector(".fastrel-checked time");
      if (checked) checked.replaceWith(time(at));
      const cached = header.querySelector(".fastrel-cached");
      if (cached) cached.hidden = true;
      header.dataset.fastrelAt = new Date(at).toISOString();
      return going;
    };
  }

  /* The data that the command line has written into a release issue; null unless there is exactly one such line. */
  function stateOf(issue, version) {
    const before = "<!-- fastrel state ";
    const lines = string(issue && issue.body).split(/\r\n|\n|\r/).filter((line) => line.startsWith(`${before}{`));
    const end = lines.length === 1 ? lines[0].indexOf(" -->") : -1;
    if (end < 0) return null;
    try {
      const state = JSON.parse(lines[0].slice(before.length, end));
      if (state.schema !== "fastrel.state/1" || state.version !== version) return null;
      return state.steps && typeof state.steps === "object" ? state.steps : null;
    } catch {
      return null;
    }
  }

  function takeIssue(header, steps) {
    const seen = new Set();
    return (feed, issue, at) => {
      const ticks = stateOf(issue, header.dataset.fastrelVersion);
      const going = issue.state === "open";
      showTracker(header, issue.number, issue.html_url, going);
      if (!ticks) {
        feed.trouble(words("no_state"));
        return going;
      }
      giveUp(header, !going && GIVEN_UP.includes(issue.state_reason));
      showSteps(header, fromTicks(steps, ticks, seen));
      Object.keys(ticks).forEach((id) => seen.add(id));
      const milestone = header.querySelector(".fastrel-milestone a");
      if (issue.milestone && milestone && milestone.href === issue.milestone.html_url) {
        // GitHub counts the release issue among the issues of its milestone; the page does not.
        showMilestone(header, issue.milestone.open_issues - (going ? 1 : 0), issue.milestone.closed_issues - (going ? 0 : 1));
      }
      feed.read(at);
      return going;
    };
  }

  /* The page was built before the release issue was opened: it is looked for by its label. */
  function takeList(header, steps) {
    const take = takeIssue(header, steps);
    return (feed, issues, at) => {
      const mine = list(issues).filter(
        (issue) =>
          issue && !issue.pull_request && stateOf(issue, header.dataset.fastrelVersion) &&
          (TRUSTED.includes(issue.author_association) || own(issue.user, "login") === "github-actions[bot]"),
      );
      const issue = mine.sort((one, other) => one.number - other.number)[0];
      if (!issue) {
        feed.read(at);
        return true;
      }
      if (/^https?:\/\//.test(string(issue.url)) && new URL(issue.url).origin === new URL(feed.url).origin) {
        feed.url = issue.url;
        feed.take = take;
        feed.last = null;
      }
      return take(feed, issue, at);
    };
  }

  const isOlder = (section, data) => !(Date.parse(string(data.at)) >= Date.parse(section.dataset.fastrelAt));

  /* Past releases of a snapshot: rows that the page has not. */
  function takeReleases(section) {
    return (feed, report) => {
      const body = section.querySelector("tbody");
      if (!body || report.schema !== "fastrel.report/1" || report.repository !== section.dataset.fastrelRepository || isOlder(section, report)) return true;
      const names = () => all("th", body).map((one) => one.textContent).join();
      const before = names();
      const releases = list(report.releases).filter((one) => one && Date.parse(one.closed));
      if (!releases.length) return true;
      const labels = all("thead th", section).map((one) => one.textContent);
      body.replaceChildren(
        ...releases.map((one) => {
          const name = one.given_up ? words("given_up", { version: string(one.version) }) : string(one.version);
          const cells = [
            [link(`#${one.number}`, one.url)],
            [string(one.opened).slice(0, 10)],
            [string(one.closed).slice(0, 10)],
            [lasted(one.opened, one.closed)],
            [one.published ? link(words("notes"), one.published) : "", one.published && one.compare ? " · " : "", one.compare ? link(words("compare"), one.compare) : ""],
          ];
          return make("tr", {}, make("th", { scope: "row" }, link(name, one.published)), ...cells.map((cell, at) => make("td", { "data-label": labels[at + 1] || "" }, ...cell)));
        }),
      );
      showTable(section);
      // The plot and the timelines are those of the build: from the first new row on the page says so.
      if (names() !== before) all(".fastrel-plot-age", section).forEach((one) => (one.hidden = false));
      return true;
    };
  }

  function takeBoard(section) {
    return (feed, board) => {
      const body = section.querySelector("tbody");
      const at = Date.parse(board.at);
      if (!body || board.schema !== "fastrel.board/1" || isOlder(section, board)) return true;
      const labels = all("thead th", section).map((one) => one.textContent);
      const rows = list(board.releases).map((row) => {
        const [owner, name] = string(row.repository).split("/");
        const reasons = list(row.attention).map((reason) => {
          const count = reason === "quiet" ? Math.floor((at - Date.parse(row.updated)) / 86_400_000) : row.unverified;
          const key = reason === "unverified" && count === 1 ? "a_unverified_one" : `a_${string(reason)}`;
          return own(WORDS, key) ? make("span", { class: `fastrel-chip fastrel-why-${string(reason)}` }, words(key, { count })) : "";
        });
        const { settled = 0, total = 0 } = row.progress || {};
        const bar = make("progress", { class: "fastrel-bar", value: settled, max: Math.max(total, 1), "aria-label": `${row.repository} ${row.tag || row.version}` });
        const next = row.next ? [make("code", {}, string(row.next.id)), make("span", { class: "fastrel-phase-name" }, ` ${string(row.next.phase)}`)] : [words(total ? "nothing_left" : "no_steps")];
        const late = row.milestone && row.milestone.overdue ? " fastrel-overdue" : "";
        const cells = [
          ["attention", reasons.flatMap((one) => [one, " "])],
          ["release", [link(string(row.tag || row.version), row.url)]],
          ["progress", [bar, " ", make("span", { class: "fastrel-count" }, words("count", { settled, total }))]],
          ["next", next],
          [`due${late}`, [string(row.milestone && row.milestone.due).slice(0, 10)]],
          ["who", [list(row.assignees).join(", ")]],
        ];
        const head = make("th", { scope: "row" }, make("span", { class: "fastrel-quiet" }, `${owner}/`), make("wbr"), name || "");
        return make("tr", {}, head, ...cells.map(([kind, inside], number) => make("td", { class: `fastrel-col-${kind}`, "data-label": labels[number + 1] || "" }, ...inside)));
      });
      body.replaceChildren(...rows);
      showTable(section);
      const checked = section.querySelector(".fastrel-checked time");
      if (checked && at) checked.replaceWith(time(at));
      const cached = section.querySelector(".fastrel-cached");
      if (cached) cached.hidden = true;
      feed.trouble("");
      return true;
    };
  }

  function showTable(section) {
    const table = section.querySelector("table");
    const none = section.querySelector(".fastrel-none");
    const empty = !section.querySelector("tbody tr");
    if (table) table.hidden = empty;
    if (none) none.hidden = !empty;
  }

  /* ---- what only the script can do ---- */

  const sticky = () => document.querySelector(".fastrel-sticky");

  function watchHeader(header) {
    const bar = sticky();
    if (!bar || typeof IntersectionObserver !== "function") return;
    new IntersectionObserver(([entry]) => {
      if (header.isConnected) bar.hidden = entry.isIntersecting || entry.boundingClientRect.top > 0;
    }).observe(header);
  }

  function applyFilter(header) {
    const pressed = header.querySelector(".fastrel-filter [aria-pressed=true]");
    const value = pressed ? pressed.dataset.fastrelShow : "all";
    for (const item of all("[data-fastrel-step]")) {
      const isOpen = !item.matches(".fastrel-done, .fastrel-skipped");
      const mine = !value.startsWith("role:") || item.dataset.fastrelRole === value.slice(5);
      const holds = (value === "all" || isOpen) && mine;
      item.hidden = !holds && !item.querySelector("[data-fastrel-step]");
    }
  }

  function showTarget() {
    const target = location.hash.startsWith("#step-") && document.getElementById(location.hash.slice(1)); // ids are ASCII
    if (!target) return;
    target.hidden = false;
    const fold = target.closest(".fastrel-fold");
    if (fold && !fold.open) {
      fold.open = true;
      target.scrollIntoView();
    }
  }

  /* Material's own rule: with its consent dialogue, GitHub is asked only after a yes. */
  function mayAsk(url) {
    const { protocol, origin } = new URL(url, location.href);
    if (protocol === "file:") return false; // a browser reads no file for a page on a disk
    if (origin === location.origin) return true;
    if (!document.querySelector("[data-md-component=consent]")) return true;
    try {
      const consent = typeof window.__md_get === "function" ? window.__md_get("__consent") : null;
      return Boolean(consent && consent.github);
    } catch {
      return false;
    }
  }

  function feed(root, url, take, isIssue = false) {
    // A page that print-site has made of all pages stays as it was built: its addresses are those of other pages.
    if (!url || !mayAsk(url) || document.getElementById("print-site-page")) return;
    const one = new Feed(root, url, take, isIssue);
    feeds.push(one);
    one.begin();
  }

  function start() {
    feeds.forEach((one) => one.end());
    feeds = [];
    const blocks = all(".fastrel-header, .fastrel-releases, .fastrel-board");
    if (!blocks.length) return;
    document.documentElement.classList.add("fastrel-ready");
    translated = {};
    try {
      const known = blocks.map((one) => one.dataset.fastrelWords).find(Boolean);
      if (known) translated = JSON.parse(known);
    } catch {
      /* English then */
    }
    all(".fastrel-header time, .fastrel-step time, .fastrel-board time, .fastrel-releases time").forEach(tell);
    for (const header of all(".fastrel-header")) {
      const alone = "fastrelSteps" in header.dataset;
      const steps = alone ? builtAlone(header) : built();
      if (!alone) {
        for (const group of all(".fastrel-filter", header)) group.hidden = !steps.length;
        watchHeader(header);
        if (steps.length) showContents(steps);
      }
      const { fastrelSnapshot, fastrelTracker, fastrelList } = header.dataset;
      if (steps.length) {
        const take = fastrelSnapshot ? takeReport : fastrelTracker ? takeIssue : takeList;
        feed(header, fastrelSnapshot || fastrelTracker || fastrelList, take(header, steps), !fastrelSnapshot);
      }
    }
    for (const one of all(".fastrel-releases")) feed(one, one.dataset.fastrelSnapshot, takeReleases(one));
    for (const one of all(".fastrel-board")) feed(one, one.dataset.fastrelSnapshot, takeBoard(one));
    showTarget();
  }

  addEventListener("hashchange", showTarget);
  document.addEventListener("visibilitychange", () => feeds.forEach((one) => one.woke()));
  for (const event of ["focus", "online"]) addEventListener(event, () => feeds.forEach((one) => one.woke()));
  setInterval(() => all(".fastrel-header time, .fastrel-step time").forEach(tell), 30_000);

  // Paper cannot be unfolded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all(".fastrel-fold:not([open])");
    folded.forEach((one) => (one.open = true));
  });
  addEventListener("afterprint", () => folded.forEach((one) => (one.open = false)));

  document.addEventListener("click", async (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const shown = target && target.closest(".fastrel-filter button");
    if (shown) {
      all("button", shown.parentElement).forEach((one) => one.setAttribute("aria-pressed", String(one === shown)));
      applyFilter(shown.closest(".fastrel-header"));
    }
    const button = target && target.closest(".fastrel-copy");
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
  if (window.document$ && typeof window.document$.subscribe === "function") {
    window.document$.subscribe(() => {
      start();
      Feed.moved = true; // from now on a page is not loaded, so nobody has asked for a reload
    });
  } else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
