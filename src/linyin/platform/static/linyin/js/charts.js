// Draws every `[data-chart]`: an ECharts option that Python has built, in the colours of the
// reports. A dark page shows each colour's dark value, as tokens.css pairs them.
const source = document.querySelector("script[data-echarts]").dataset.echarts;
const root = document.documentElement;
const charts = new Map();
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    charts.get(target)?.resize();
    charts.get(target)?.setOption({ xAxis: narrowed(target, option(target).xAxis) });
  }
});
let library;

function echarts() {
  library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => done(window.echarts);
    script.onerror = failed;
    document.head.append(script);
  });
  return library;
}

function tokens(rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])) {
  for (const rule of rules) {
    if (rule.styleSheet) {
      const found = tokens([...rule.styleSheet.cssRules]);
      if (found) return found;
    } else if (rule.selectorText === ":root" && rule.style.getPropertyValue("--scope-1")) {
      return rule.style;
    }
  }
  return null;
}

// Light value → value to draw.
function colours() {
  const style = tokens();
  const known = new Map();
  for (const name of style) {
    const pair = /^light-dark\((#\w{6}),\s*(#\w{6})\)$/.exec(style.getPropertyValue(name).trim());
    if (pair && !known.has(pair[1])) known.set(pair[1], pair[root.dataset.bsTheme === "dark" ? 2 : 1]);
  }
  return known;
}

function option(area) {
  const stated = JSON.parse(document.getElementById(area.dataset.chart).textContent);
  const font = getComputedStyle(document.body).fontFamily;
  const known = colours();
  const whole = {
    color: ["#1e3a6e", "#0d8a94", "#c2410c", "#7c5cbf", "#15803d", "#b45309"],
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 300,
    ...stated,
    backgroundColor: "transparent",
    textStyle: { color: "#1c2430", ...stated.textStyle, fontFamily: font },
    tooltip: {
      backgroundColor: "#ffffff",
      borderColor: "#d5dae1",
      textStyle: { color: "#1c2430", fontFamily: font },
      ...stated.tooltip,
      renderMode: "richText",
      confine: true,
    },
  };
  const drawn = JSON.parse(JSON.stringify(whole), (key, value) => {
    if (key === "fontFamily") return font;
    return typeof value === "string" ? known.get(value.toLowerCase()) ?? value : value;
  });
  drawn.xAxis = narrowed(area, drawn.xAxis);
  drawn.tooltip.valueFormatter = (value) => said(value, area.dataset.unit);
  return drawn;
}

// Names that may break beside one another where there is little room.
function narrowed(area, axis) {
  if (axis?.axisLabel?.overflow !== "break") return axis;
  const room = Math.floor((area.clientWidth * 0.9) / axis.data.length) - 6;
  const { width, fontSize } = axis.axisLabel;
  const fitted = { width: Math.min(width, room), fontSize: room < 56 ? 10 : fontSize };
  return { ...axis, axisLabel: { ...axis.axisLabel, ...fitted } };
}

// A value as the reader's language writes it, with its unit.
function said(value, unit) {
  if (typeof value !== "number") return String(value);
  const digits = { maximumSignificantDigits: 5 };
  return `${value.toLocaleString(root.lang, digits)} ${unit}`.trim();
}

// Paper has another size than the window, and no time to draw again: what is drawn is scaled.
function frame(area, chart) {
  const size = `0 0 ${chart.getWidth()} ${chart.getHeight()}`;
  area.querySelector("svg").setAttribute("viewBox", size);
}

async function draw(area) {
  charts.set(area, null);
  const drawing = await echarts();
  if (!area.isConnected) return;
  const chart = drawing.init(area, null, { renderer: "svg" });
  chart.on("rendered", () => frame(area, chart));
  chart.setOption(option(area));
  charts.set(area, chart);
  sizes.observe(area);
}

function drawNew() {
  for (const [area, chart] of charts) {
    if (!area.isConnected) {
      chart?.dispose();
      charts.delete(area);
    }
  }
  for (const area of document.querySelectorAll("[data-chart]")) if (!charts.has(area)) draw(area);
}

drawNew();
document.addEventListener("htmx:load", drawNew);
new MutationObserver(() => {
  for (const [area, chart] of charts) chart?.setOption(option(area), { notMerge: true });
}).observe(root, { attributeFilter: ["data-bs-theme"] });
