import { type RefObject, useEffect } from 'react'

/** Menus that are `details` open and close by themselves; with scripts also on Escape and on a press outside. */
export function useClosingMenus(within: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const open = () => within.current?.querySelector<HTMLDetailsElement>('details[open]')
    const onKeyDown = (event: KeyboardEvent) => {
      const menu = event.key === 'Escape' && open()
      if (!menu) return
      const hadFocus = menu.contains(document.activeElement)
      menu.open = false
      if (hadFocus) menu.querySelector('summary')?.focus()
    }
    const onElsewhere = ({ target }: Event) => {
      const menu = open()
      if (menu && target instanceof Node && !menu.contains(target)) menu.open = false
    }
    // The dialog that a link of the menu opens gives the focus back to what is still to be seen.
    const onClick = ({ target }: MouseEvent) => {
      const menu = open()
      if (!menu || !(target instanceof Element) || !target.closest('a') || !menu.contains(target)) return
      menu.open = false
      menu.querySelector('summary')?.focus()
    }
    document.addEventListener('click', onClick)
    document.addEventListener('keydown', onKeyDown)
    document.addEventListener('pointerdown', onElsewhere)
    document.addEventListener('focusin', onElsewhere)
    return () => {
      document.removeEventListener('click', onClick)
      document.removeEventListener('keydown', onKeyDown)
      document.removeEventListener('pointerdown', onElsewhere)
      document.removeEventListener('focusin', onElsewhere)
    }
  }, [within])
}
