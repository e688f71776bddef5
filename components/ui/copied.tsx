import { CopyButton } from './copy-button.tsx'

/** A text of one line or more that is there to be copied: one click selects it whole, and a button copies it. */
export function Copied({ id, label, text }: { id: string; label: string; text: string }) {
  return (
    <div className="grid gap-1.5">
      <p id={`${id}-label`} className="text-[13px] text-soft">
        {label}
      </p>
      <figure id={id} aria-labelledby={`${id}-label`}>
        <pre className="select-all rounded-lg bg-ground px-3 py-2 font-mono text-[13px] break-all whitespace-pre-wrap">
          {text}
        </pre>
      </figure>
      <CopyButton
        what={label.charAt(0).toLowerCase() + label.slice(1)}
        text={text}
        look="button"
        selects={id}
      />
    </div>
  )
}
