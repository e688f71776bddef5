/** Whether there is a character to see: spaces, marks by themselves, and what fills or joins leave a line empty. */
export function isVisible(text: string): boolean {
  const blankBraille = '\u2800'
  return /[^\p{Default_Ignorable_Code_Point}\p{C}\p{Z}\p{M}]/u.test(text.replaceAll(blankBraille, ''))
}
