'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

/** While it is shown, the page is asked for anew every two seconds, unless nobody looks at it. */
export function LookAgain() {
  const router = useRouter()
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') router.refresh()
    }
    const timer = setInterval(look, everyMs)
    return () => clearInterval(timer)
  }, [router])
  return null
}

const everyMs = 2_000
