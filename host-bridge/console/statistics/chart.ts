/** Bars on a canvas (Chart.js), with no more of the library than bars need. Its file is loaded with the page that shows them, and no earlier. */
import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, Tooltip } from 'chart.js';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Legend, Tooltip);

export interface Series {
  name: string;
  colour: string;
  values: readonly number[];
}

/** Draws stacked bars. @param flat bars lie, for names that are long. @returns what takes them away again */
export function drawBars(canvas: HTMLCanvasElement, names: readonly string[], series: readonly Series[], flat: boolean): () => void {
  const whole = { stacked: true, beginAtZero: true, ticks: { precision: 0 } };
  const chart = new Chart(canvas, {
    type: 'bar',
    data: { labels: [...names], datasets: series.map(({ name, colour, values }) => ({ label: name, backgroundColor: colour, data: [...values], maxBarThickness: 28 })) },
    options: { animation: false, responsive: true, maintainAspectRatio: false, indexAxis: flat ? 'y' : 'x', scales: { x: flat ? whole : { stacked: true }, y: flat ? { stacked: true } : whole }, plugins: { legend: { position: 'bottom' } } },
  });
  return () => chart.destroy();
}
