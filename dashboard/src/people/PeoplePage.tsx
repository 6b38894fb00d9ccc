/** People of the centre, for administrators. (thin) */
export function PeoplePage() {
  return null;
}
