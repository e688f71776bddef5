'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useTransition } from 'react'

/** Nobody has to wait for the end of a word, and a word is not searched for letter by letter. */
const pauseMs = 250
/** The beginning of a token, whose text goes into no address: that one is searched for by Enter, and the server takes it out. */
const beginsToken = /1\.0_/

type Props = { list: Route; value: string; label: string; maxLength: number; className: string }

/** Searches as one types: the address is replaced, and the field keeps its focus. Enter works without scripts too. */
export function SearchField({ list, value, label, maxLength, className }: Props) {
  const router = useRouter()
  const [isSearching, startSearch] = useTransition()
  const field = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    // Another search by a link or the way back; while one types the field is ahead of the answer.
    if (field.current && field.current !== document.activeElement) field.current.value = value
  }, [value])
  useEffect(() => {
    const stop = () => clearTimeout(timer.current)
    const form = field.current?.form
    form?.addEventListener('submit', stop)
    return () => {
      stop()
      form?.removeEventListener('submit', stop)
    }
  }, [])

  function search() {
    const form = field.current?.form
    if (!form) return
    const params = new URLSearchParams()
    for (const [name, entered] of new FormData(form)) if (entered) params.set(name, `${entered}`)
    startSearch(() => router.replace(`${list}?${params}` as Route, { scroll: false }))
  }

  return (
    <input
      ref={field}
      type="search"
      name="search"
      defaultValue={value}
      maxLength={maxLength}
      aria-label={label}
      placeholder={label}
      aria-busy={isSearching}
      className={`${className} aria-busy:border-accent`}
      onChange={({ target }) => {
        clearTimeout(timer.current)
        if (!beginsToken.test(target.value)) timer.current = setTimeout(search, pauseMs)
      }}
    />
  )
}
