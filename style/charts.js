// The charts: an element <headroom-chart data-option="{…}"> that draws its option with ECharts. Loaded only by pages
// that show charts. It draws into a shadow root, so that hydration never meets nodes which the server did not send;
// colours are custom properties, which pass through, so a change of theme needs no redraw.
import * as echarts from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

class HeadroomChart extends HTMLElement {
  static observedAttributes = ["data-option"];

  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const box = document.createElement("div");
    box.style.cssText = "width:100%;height:100%";
    root.replaceChildren(box);
    this.chart = echarts.init(box, null, { renderer: "svg" });
    this.observer = new ResizeObserver(() => this.chart.resize());
    this.observer.observe(this);
    this.draw();
  }

  disconnectedCallback() {
    this.observer.disconnect();
    this.chart.dispose();
    this.chart = undefined;
  }

  attributeChangedCallback() {
    this.draw();
  }

  draw() {
    if (!this.chart || !this.dataset.option) return;
    const font = getComputedStyle(this).fontFamily;
    const option = JSON.parse(this.dataset.option);
    const textStyle = { fontFamily: font, fontSize: 11, ...option.textStyle };
    this.chart.setOption({ animation: false, ...option, textStyle }, true);
  }
}

customElements.define("headroom-chart", HeadroomChart);
