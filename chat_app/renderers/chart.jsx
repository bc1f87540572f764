/* Bars from a common zero line. The table says all that they show; the bars are decoration. */

const MOST = 100;

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const isBar = (bar) => Number.isFinite(bar?.value) && typeof bar.label === "string";
const percent = (share) => `${100 * share}%`;

export function Bars({ bars, unit, title }) {
  const drawn = bars.filter(isBar).slice(0, MOST);
  const values = drawn.map((bar) => bar.value);
  const highest = Math.max(0, ...values);
  const lowest = Math.min(0, ...values);
  const range = highest - lowest || 1;
  const said = (value) => (typeof unit === "string" ? `${number.format(value)} ${unit}` : number.format(value));
  return (
    <table className="bars" aria-label={typeof title === "string" ? title : undefined}>
      <tbody>
        {drawn.map(({ label, value }, place) => (
          <tr key={place}>
            <th scope="row" dir="auto" title={label}>{label}</th>
            <td>
              <span
                className="bar"
                style={{
                  insetInlineStart: percent((Math.min(value, 0) - lowest) / range),
                  inlineSize: percent(Math.abs(value) / range),
                }}
              />
            </td>
            <td className="amount">{said(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
