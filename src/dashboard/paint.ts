/** Props of a text in a colour, or none where colours are off. */
export function paint(color: boolean, name: string): { color?: string } {
  return color ? { color: name } : {};
}
