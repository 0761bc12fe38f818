// 网络议政：按 1、2、3 表态；摘要页的分布图。没有它，按钮和表格照样都在。
(function () {
  "use strict";
  const say = document.querySelector("[data-say]");
  if (say) {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      if (event.target.closest("input, textarea, select, [contenteditable]")) return;
      const button = say.querySelector(`[data-key="${event.key}"]`);
      if (button && !button.disabled) button.click();
    });
  }
  const source = document.getElementById("map-data");
  const place = document.querySelector("[data-opinion-map]");
  if (!source || !place || !window.echarts) return;
  const data = JSON.parse(source.textContent);
  const css = getComputedStyle(document.documentElement);
  const token = (name) => css.getPropertyValue(name).trim();
  const font = { fontFamily: token("--hb-sans"), color: token("--hb-ink-2"), fontSize: 14 };
  const axis = {
    type: "value", scale: true, axisLabel: { show: false }, axisTick: { show: false },
    axisLine: { onZero: true, lineStyle: { color: token("--hb-line") } }, splitLine: { show: false },
  };
  const shapes = ["circle", "diamond", "triangle", "rect", "pin"];
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  chart.setOption({
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    textStyle: font,
    legend: { bottom: 0, textStyle: font },
    grid: { left: 8, right: 8, top: 8, bottom: 40 },
    xAxis: axis,
    yAxis: axis,
    series: data.groups.map((group, number) => ({
      name: group.name, type: "scatter", symbol: shapes[number], symbolSize: 12, silent: true,
      itemStyle: { color: token(`--hb-${group.colour}`), opacity: 0.65 },
      data: data.points.filter((point) => point[2] === number).map((point) => [point[0], point[1]]),
    })),
  });
  new ResizeObserver(() => chart.resize()).observe(place);
})();
