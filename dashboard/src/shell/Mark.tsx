/** The product's mark: two roads that meet. */

export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="var(--mark-ground, #262d32)" />
      <path d="M0 12h12V0h8v12h12v8H20v12h-8V20H0z" fill="#eceeec" />
      <path d="M16 1v8M16 23v8M1 16h8M23 16h8" stroke="#c98600" strokeWidth="1.8" strokeDasharray="3 2.2" />
    </svg>
  );
}
