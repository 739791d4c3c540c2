"use strict";
// The page shows what the control API answers and asks it for changes. Text only ever enters as text.
const here = location.pathname.replace(/\/+$/, "");
const name = here.split("/worlds/")[1] || "default";
const at = (id) => document.getElementById(id);

async function ask(method, path, body) {
  const answer = await fetch(`${here}/${path}`, { method, body: body && JSON.stringify(body) });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
}

function element(tag, text, kind) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function row(...cells) {
  const made = element("tr");
  for (const cell of cells) {
    const place = element("td");
    place.append(...(Array.isArray(cell) ? cell : [cell]));
    made.append(place);
  }
  return made;
}

function fill(id, rows, nothing) {
  const target = at(id);
  const focused = target.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const none = element("tr");
  none.append(Object.assign(element("td", nothing), { colSpan: 4 }));
  target.replaceChildren(...(rows.length ? rows : [none]));
  if (focused) target.querySelector(`[data-key="${focused}"]`)?.focus();
}

function options(id, list) {
  const select = at(id);
  const known = [...select.options].map((it) => it.value + it.text).join();
  if (known === list.map((it) => it.value + it.text).join()) return;
  const chosen = select.value;
  select.replaceChildren(...list.map((it) => Object.assign(element("option", it.text), { value: it.value })));
  if (list.some((it) => it.value === chosen)) select.value = chosen;
}

const moment = (seconds) => new Date(seconds * 1000).toISOString().replace("T", " ").replace(".000Z", " UTC");
const words = (map) => Object.entries(map).filter(([, n]) => n).map(([word, n]) => `${word.replaceAll("_", " ")} ${n}`).join(" · ");
const tone = { accepted: "good", pending: "wait", refused: "bad", dropped: "bad", lost: "bad" };
const mood = (status) => ({ COMPLETED: "good", DELIVERED: "good", CANCELLED: "bad", UNPAID: "wait", ON_HOLD: "wait" })[status];

async function showOrders() {
  const shop = at("shop").value;
  if (!shop) return;
  const { orders } = await ask("GET", `orders?limit=50&shop_id=${shop}`);
  fill("order-rows", orders.map((order) => {
    const buttons = order.acts.map((act) => {
      const button = element("button", act.replaceAll("_", " "));
      button.dataset.key = `${order.id}/${act}`;
      button.onclick = () => act_on(`orders/${order.id}/${act}`, { shop_id: shop, actor: order.cancel_by });
      return button;
    });
    return row(element("code", order.id), element("span", order.status, mood(order.status)), moment(order.create_time), buttons);
  }), "No orders yet: place one.");
}

async function showDeliveries() {
  const { counts, deliveries } = await ask("GET", "deliveries?limit=50");
  at("delivery-counts").textContent = words(counts) || "none yet";
  fill("delivery-rows", deliveries.map((it) => {
    const tries = it.tries.map((one) => `${one.status ?? one.error}${one.repeat ? " (repeat)" : ""}`).join(", ");
    let about = it.shop_id ?? "";
    try {
      const data = JSON.parse(it.body).data;
      about = data.order_status ? `${data.order_id} ${data.order_status}` : data.order_id ?? data.product_id ?? about;
    } catch { /* a body without an envelope */ }
    return row(`${it.type} ${it.topic ?? ""}`, element("code", about), element("span", it.fate, tone[it.fate]), tries || "–");
  }), "Nothing was announced to anybody: set a webhook_url with PUT app.");
}

async function showCalls() {
  const { total, by_code, calls } = await ask("GET", `journal?limit=50${at("refused").checked ? "&refused=true" : ""}`);
  at("call-counts").textContent = `${total} calls · ${words(by_code)}`;
  fill("call-rows", calls.map((call) => {
    const good = call.code === 0 && !call.fault;
    const why = [call.fault && `fault: ${call.fault}`, call.message, call.explanation].filter(Boolean).join(" — ");
    const path = element("code", `${call.method} ${call.path}`);
    return row(call.at.slice(11, 19), path, element("span", `${call.status} / ${call.code ?? "–"}`, good ? "good" : "bad"), why || "–");
  }), "Nobody has called yet.");
}

async function showFaults() {
  const { rules } = await ask("GET", "faults");
  const items = rules.map((rule, place) => {
    const left = rule.times === null ? "always" : `${rule.times} times more`;
    const item = element("li", `${rule.kind} · ${rule.operation ?? "every operation"} · ${rule.percent} % · ${left}`);
    const remove = element("button", "Remove");
    remove.onclick = () => act("PUT", "faults", { rules: rules.filter((_, other) => other !== place) });
    item.append(remove);
    return item;
  });
  at("fault-rows").replaceChildren(...(items.length ? items : [element("li", "Nothing goes wrong on request.")]));
}

async function show() {
  const [clock, state] = await Promise.all([ask("GET", "clock"), ask("GET", "state")]);
  at("now").textContent = moment(clock.now);
  at("mode").textContent = `${clock.mode}${clock.next_due_ms ? `, next event ${moment(Math.floor(clock.next_due_ms / 1000))}` : ""}`;
  at("next").disabled = !clock.next_due_ms;
  at("next").dataset.wait = Math.max(0, (clock.next_due_ms ?? 0) - clock.now_ms);
  const worlds = await (await fetch("/_emulator/worlds")).json();
  options("world", worlds.worlds.map((it) => ({ value: it.name, text: `${it.name} (seed ${it.seed})` })));
  at("world").value = name;
  options("shop", state.shops.map((it) => ({ value: it.shop_id, text: `${it.name} (${it.region})` })));
  await Promise.all([showOrders(), showDeliveries(), showCalls(), showFaults()]);
  document.body.dataset.shown = "yes";
}

async function guarded(work) {
  try {
    await work();
    at("notice").textContent = "";
  } catch (error) {
    at("notice").textContent = error.message;
  }
}

const act = (method, path, body) => guarded(async () => { await ask(method, path, body); await show(); });
const act_on = (path, body) => act("POST", path, body);

at("steps").onclick = ({ target }) => {
  const { seconds } = target.dataset;
  if (seconds) act("POST", "clock/advance", { seconds: Number(seconds) });
};
at("next").onclick = () => act("POST", "clock/advance", { milliseconds: Number(at("next").dataset.wait) });
at("settle").onclick = () => act("POST", "settle");
at("reset").onclick = () => confirm("Reset this world to its beginning?") && act("POST", "reset");
at("place").onclick = () => act("POST", "orders", { shop_id: at("shop").value });
at("place-paid").onclick = () => act("POST", "orders", { shop_id: at("shop").value, status: "AWAITING_SHIPMENT" });
at("shop").onchange = () => guarded(showOrders);
at("refused").onchange = () => guarded(showCalls);
at("world").onchange = ({ target }) => {
  location.href = target.value === "default" ? "/_emulator/" : `/_emulator/worlds/${target.value}/`;
};
at("fault").onsubmit = (event) => {
  event.preventDefault();
  guarded(async () => {
    const { rules } = await ask("GET", "faults");
    const rule = { kind: at("fault-kind").value, percent: Number(at("fault-percent").value) };
    if (at("fault-operation").value) rule.operation = at("fault-operation").value;
    if (at("fault-times").value) rule.times = Number(at("fault-times").value);
    await ask("PUT", "faults", { rules: [...rules, rule] });
    await show();
  });
};
guarded(show);
setInterval(() => document.hidden || guarded(show), 2000);
