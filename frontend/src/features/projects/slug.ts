/** The address that the portal would give a name: a-z, 0-9 and single dashes, at most 30. */
export function slugOf(name: string): string {
  const plain = name.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const words = plain.replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+|-+$/g, "");
  return words.slice(0, 30).replace(/-+$/, "");
}
