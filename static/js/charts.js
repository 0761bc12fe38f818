// 看板的图：数据由 json_script 给出，旁边的表格说同样的事；图读不出来时表格仍在。
(function () {
  "use strict";
  const source = document.getElementById("chart-data");
  if (!source || !window.echarts) return;
  const data = JSON.parse(source.textContent);
  const css = getComputedStyle(document.documentElement);
  const token = (name) => css.getPropertyValue(name).trim();
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const font = { fontFamily: token("--hb-sans"), color: token("--hb-ink-2"), fontSize: 14 };
  const base = {
    animation: !calm,
    textStyle: font,
    // 内容安全策略不许行内样式，提示框改用画布里的文字
    tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
    legend: { bottom: 0, textStyle: font },
    grid: { left: 8, right: 24, top: 8, bottom: 40, containLabel: true },
  };
  const axis = {
    value: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: token("--hb-line") } } },
    names: (names) => ({ type: "category", data: names, inverse: true, axisTick: { show: false }, axisLabel: font }),
  };
  // 两组并排的横条：今年和去年、计划和已办
  const pair = (part) => ({
    ...base,
    color: [token("--hb-red"), token("--hb-hair")],
    xAxis: axis.value,
    yAxis: axis.names(part.names),
    series: [
      { name: part.years[0], type: "bar", data: part.now, barMaxWidth: 16 },
      { name: part.years[1], type: "bar", data: part.before, barMaxWidth: 16 },
    ],
  });
  const options = {
    pair,
    funnel: pair,
    late: (part) => ({
      ...base,
      color: [token("--hb-over"), token("--hb-amber"), token("--hb-blue")],
      xAxis: axis.value,
      yAxis: axis.names(part.names),
      series: part.series.map((row) => ({ ...row, type: "bar", stack: "late", barMaxWidth: 18 })),
    }),
  };
  document.querySelectorAll("[data-chart]").forEach((element) => {
    const part = data[element.dataset.chart];
    if (!part || !part.names.length) return;
    const chart = window.echarts.init(element, null, { renderer: "svg" });
    chart.setOption(options[element.dataset.chartKind || element.dataset.chart](part));
    new ResizeObserver(() => chart.resize()).observe(element);
  });
})();
