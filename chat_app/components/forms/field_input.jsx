/* The input element of one value. */

import { isNumber } from "./form_values.js";

const INPUTS = { date: "date", "date-time": "datetime-local", email: "email", uri: "url" };
/* A date and time, and its time zone. */
const MOMENT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(.*)$/;

export function FieldInput({ id, field, given, onChange, off, words, problem, ...about }) {
  const { kind, options, required, nullable, format } = field;
  const onText = (event) => onChange(event.target.value);
  const all = {
    ...{ id, disabled: off, value: given, onChange: onText },
    placeholder: nullable ? "null" : undefined,
    "aria-invalid": problem ? true : undefined,
    "aria-describedby": problem ? `${id}wrong` : undefined,
    "aria-required": required,
    ...about,
  };
  if (kind === "boolean") {
    const { value, ...others } = all;
    const onCheck = (event) => onChange(String(event.target.checked));
    return <input {...others} type="checkbox" role="switch" checked={given === "true"} onChange={onCheck} />;
  }
  if (kind === "choice") {
    const { placeholder, ...others } = all;
    return (
      <select {...others}>
        {(!required || nullable || !field.text) && <option value="">{words.nothing}</option>}
        {options.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
      </select>
    );
  }
  if (isNumber(field)) return <input {...all} type="number" step={kind === "integer" ? 1 : "any"} />;
  if (format === "date-time") return <Moment {...{ all, field, given, onChange }} />;
  if (kind === "text") return <input {...all} type={INPUTS[format] ?? "text"} dir="auto" />;
  const code = kind === "json" || kind === "rest" ? "code" : undefined;
  return <textarea {...all} className={code} rows={1} spellCheck={!code} />;
}

/* The time zone is not changed; a new value gets that of the browser. */
function Moment({ all, field, given, onChange }) {
  const zoneBefore = MOMENT.exec(field.text)?.[2];
  const [, time = "", zoneNow] = MOMENT.exec(given) ?? [];
  const zone = zoneNow ?? zoneBefore ?? "";
  const onTime = ({ target: { value } }) => {
    const seconds = value.length === 16 ? ":00" : "";
    onChange(value && value + seconds + (zoneBefore ?? zoneAt(value)));
  };
  return (
    <span className="moment">
      <input {...all} type="datetime-local" step="any" value={time} onChange={onTime} />
      {zone && <small>{zone === "Z" ? "UTC" : zone}</small>}
    </span>
  );
}

function zoneAt(time) {
  const minutes = -new Date(time).getTimezoneOffset();
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}
