import { type ReactNode, useEffect, useRef } from "react";
import { Link } from "wouter";

export interface Crumb {
  label: string;
  href: string;
}

interface PageProps {
  title: string;
  crumbs?: readonly Crumb[];
  /** Beside the title: badges and the state. */
  aside?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

let shownBefore: string | null = null;

/** The frame of each page. A new page takes the focus to its title, as a new document would. */
export function Page({ title, crumbs = [], aside, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Affectory`;
  }, [title]);
  useEffect(() => {
    const here = window.location.pathname;
    if (shownBefore !== null && shownBefore !== here) {
      heading.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    shownBefore = here;
  }, []);
  return (
    <main id="content" className="page">
      {crumbs.length > 0 ? (
        <nav aria-label="Breadcrumb" className="crumbs">
          <ol>
            {crumbs.map(({ label, href }) => (
              <li key={href}>
                <Link href={href}>{label}</Link>
              </li>
            ))}
          </ol>
        </nav>
      ) : null}
      <header className="page-head">
        <div className="page-title">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {aside}
        </div>
        {actions ? <div className="page-actions">{actions}</div> : null}
      </header>
      {children}
    </main>
  );
}

interface SectionProps {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

const idOf = (title: string) => title.toLowerCase().replace(/\W+/g, "-");

/** Links to the sections of a long page, by their titles. */
export function Jump({ to }: { to: readonly string[] }) {
  return (
    <nav aria-label="On this page" className="jump">
      <ul>
        {to.map((title) => (
          <li key={title}>
            <a href={`#${idOf(title)}`}>{title}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

export function Section({ title, note, actions, children }: SectionProps) {
  return (
    <section className="section" id={idOf(title)} aria-label={title}>
      <div className="section-head">
        <h2>{title}</h2>
        {actions ? <div className="section-actions">{actions}</div> : null}
      </div>
      {note ? <div className="note">{note}</div> : null}
      {children}
    </section>
  );
}

/** Facts as label and value. */
export function Facts({ of }: { of: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {of.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
