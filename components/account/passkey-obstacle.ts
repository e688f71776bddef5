type Where = { isSecureContext: boolean; location: { hostname: string } }

/** Why browsers make and use no passkey at an address; null where they do. WebAuthn takes no IP address as a name. */
export function passkeyObstacle({ isSecureContext, location }: Where): 'no-name' | 'no-https' | null {
  if (/^[\d.]+$|^\[/.test(location.hostname)) return 'no-name'
  return isSecureContext ? null : 'no-https'
}
