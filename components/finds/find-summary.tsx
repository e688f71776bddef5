import type { Route } from 'next'
import type { ReactNode } from 'react'
import type { Find, PlaceInText } from '#lib/finds/read.ts'
import { ArrivalNotice } from '../ui/arrival-notice.tsx'
import { Link } from '../ui/link.tsx'
import { Notice } from '../ui/notice.tsx'
import { counted, formatted } from '../ui/numbers.ts'

type Props = {
  /** Null: it is not kept any more, or is somebody else's. */
  find: Find | null
  /** `now`: the search was made a moment ago; what came of it takes the focus and is read out. */
  arrival: 'now' | 'later'
  findHref: Route
}

/** Above the list of what was found: how many, by what, and what else stood in the text. */
export function FindSummary({ find, arrival, findHref }: Props) {
  const again = (
    <p className="text-sm">
      {find && 'Nothing of the text was kept. '}
      {find && find.tokens > 0 && 'What was found is kept for a day, for you alone. '}
      <Link href={findHref} className="underline underline-offset-4">
        {find ? 'Search another text' : 'Search the text again'}
      </Link>
    </p>
  )
  if (!find)
    return (
      <Notice kind="warn" className="mb-5" title="This search is not here any more.">
        <p className="text-sm">What was found in a text is kept for a day, for whoever searched.</p>
        {again}
      </Notice>
    )
  const Shown = arrival === 'now' ? ArrivalNotice : Notice
  return (
    <Shown kind={find.byText > 0 ? 'warn' : 'info'} className="mb-5" title={titleOf(find)}>
      <ul className="grid gap-0.5 text-sm">
        {sentencesOf(find).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {again}
    </Shown>
  )
}

function titleOf({ tokens, isMore, textLines }: Find): ReactNode {
  const where = textLines > 1 ? ` in ${formatted(textLines)} lines` : ''
  if (tokens === 0) return `No token of yours was found${where}.`
  return `${isMore ? 'More than ' : ''}${counted(tokens, 'token')} of yours ${tokens === 1 ? 'was' : 'were'} found${where}.`
}

export function sentencesOf({ tokens, byText, byId, isMore, otherTexts, brokenTexts }: Find): string[] {
  const bySearch = tokens - byText - byId
  const ways = [
    byText > 0 && `${formatted(byText)} by ${byText === 1 ? 'its' : 'their'} whole text`,
    byId > 0 && `${formatted(byId)} by ${byId === 1 ? 'its' : 'their'} ID`,
    bySearch > 0 && `${formatted(bySearch)} by last characters or a name`,
  ].filter((way) => way !== false)
  return [
    byText > 0 &&
      `${wholeText(tokens, byText) ?? ways.join(', ')}. Whoever has seen the whole text of a token can call with it while it works: revoke it.`,
    byText === 0 && ways.length > 0 && `${ways.join(', ')}.`,
    isMore &&
      'Only these are shown. Search a part of the text for the others, or search the list for a name.',
    otherTexts > 0 &&
      `${formatted(otherTexts)} ${otherTexts === 1 ? 'text has the form of a token and is' : 'texts have the form of a token and are'} not among yours.`,
    brokenTexts > 0 &&
      `${formatted(brokenTexts)} ${brokenTexts === 1 ? 'text looks like a token, but its checksum is wrong: it was' : 'texts look like tokens, but their checksums are wrong: they were'} mistyped, changed or cut.`,
  ].filter((sentence) => typeof sentence === 'string')
}

function wholeText(tokens: number, byText: number): string | null {
  if (byText < tokens) return null
  return tokens === 1 ? 'Its whole text stood there' : 'The whole text of each stood there'
}

/** Beside a token in the list: `Its text, line 12 and 3 other lines`. */
export function placeText({ how, line, lines }: PlaceInText): string {
  const where = `line ${formatted(line)}${lines > 1 ? ` and ${counted(lines - 1, 'other line')}` : ''}`
  switch (how) {
    case 'text':
      return `Its text: ${where}`
    case 'id':
      return `Its ID: ${where}`
    case 'search':
      return `Found by ${where}`
  }
}
