'use client'

import { useEffect } from 'react'

/**
 * Of a page that says that somebody is signed out: it is loaded as a document of its own, so that no page of before is left in
 * the memory of the router, to which Back would lead.
 */
export function FullLoad() {
  useEffect(() => {
    const [loaded] = performance.getEntriesByType('navigation')
    if (loaded && new URL(loaded.name).pathname !== location.pathname) location.replace(location.href)
  }, [])
  return null
}

/** Of a page that only its person may see: a browser that shows it from memory asks for it anew. */
export function NeverFromMemory() {
  useEffect(() => {
    const onShow = (event: PageTransitionEvent) => {
      if (event.persisted) location.reload()
    }
    addEventListener('pageshow', onShow)
    return () => removeEventListener('pageshow', onShow)
  }, [])
  return null
}
