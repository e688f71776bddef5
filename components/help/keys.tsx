const keys: [keys: string[], what: string][] = [
  [['Tab', 'Shift + Tab'], 'Go to the next link, field or button, or back'],
  [['Space'], 'Tick or untick a box; press a button'],
  [['Enter'], 'Follow a link; send what you typed'],
  [['/'], 'Go to the search of a list'],
  [['?'], 'Show this table'],
  [['Esc'], 'Close a dialog. Nothing is done'],
]

/** The keys that do something on the pages. */
export function KeyTable() {
  return (
    <table className="w-full border-collapse text-left">
      <caption className="sr-only">Keys</caption>
      <thead className="border-b border-line text-[13px] text-soft">
        <tr>
          <th scope="col" className="py-1.5 pr-4 font-medium">
            Key
          </th>
          <th scope="col" className="py-1.5 font-medium">
            What it does
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map(([names, what]) => (
          <tr key={what} className="border-b border-line last:border-0">
            <td className="py-1.5 pr-4 align-baseline">
              {names.map((name, n) => (
                <span key={name} className="whitespace-nowrap">
                  {n > 0 && <span className="text-soft"> or </span>}
                  <kbd className="rounded border border-control bg-ground px-1.5 font-mono text-[13px]">
                    {name}
                  </kbd>
                </span>
              ))}
            </td>
            <td className="py-1.5 align-baseline">{what}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
