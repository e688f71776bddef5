/** Choices of which one holds, a line each. */
export function RadioLines<Value extends string>({
  name,
  lines,
  chosen,
}: {
  name: string
  lines: readonly (readonly [value: Value, text: string])[]
  chosen: Value
}) {
  return (
    <div className="grid gap-1">
      {lines.map(([value, text]) => (
        <label key={value} className="flex items-start gap-2 text-sm pointer-coarse:min-h-11">
          <input
            type="radio"
            name={name}
            value={value}
            defaultChecked={chosen === value}
            className="mt-0.5 size-4 shrink-0"
          />
          {text}
        </label>
      ))}
    </div>
  )
}
