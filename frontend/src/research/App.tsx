import { useEffect } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { useStore } from "../base/store";
import { session } from "./data/session";
import { forgetAll } from "./data/useApi";
import { AccountPage } from "./pages/Account";
import { CorporaPage } from "./pages/Corpora";
import { CorpusPage } from "./pages/Corpus";
import { DatasetPage } from "./pages/Dataset";
import { DatasetsPage } from "./pages/Datasets";
import { DraftPage } from "./pages/Draft";
import { ErasuresPage } from "./pages/Erasures";
import { JobsPage } from "./pages/Jobs";
import { NewStudyPage } from "./pages/NewStudy";
import { NotFoundPage } from "./pages/NotFound";
import { NewDatasetPage, RecipePage } from "./pages/Recipe";
import { ReleasePage } from "./pages/Release";
import { SignInPage } from "./pages/SignIn";
import { StudiesPage } from "./pages/Studies";
import { StudyPage } from "./pages/Study";
import { TracesPage } from "./pages/Traces";
import { Guard } from "./parts/Guard";
import { Loading, Problem } from "./parts/States";

const ROOMS = [
  ["/corpora", "Corpora"],
  ["/studies", "Studies"],
  ["/datasets", "Datasets"],
  ["/jobs", "Jobs"],
] as const;

function TopBar({ email }: { email: string }) {
  const [path] = useLocation();
  const inRoom = (href: string) => path === href || path.startsWith(`${href}/`);
  return (
    <header className="topbar">
      <a href="#content" className="skip">
        Skip to the content
      </a>
      <Link href="/" className="brand">
        Affectory
      </Link>
      <nav aria-label="Main" className="rooms">
        {ROOMS.map(([href, label]) => (
          <Link key={href} href={href} aria-current={inRoom(href) ? "page" : undefined}>
            {label}
          </Link>
        ))}
      </nav>
      <Link
        href="/account"
        className="account-link"
        aria-current={inRoom("/account") ? "page" : undefined}
        title={email}
      >
        Account
      </Link>
    </header>
  );
}

function Rooms() {
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/corpora" replace />
      </Route>
      <Route path="/corpora">
        <CorporaPage />
      </Route>
      <Route path="/corpora/:name">{({ name }) => <CorpusPage key={name} name={name} />}</Route>
      <Route path="/studies">
        <StudiesPage />
      </Route>
      {/* No study can have this name. */}
      <Route path="/studies/~new">
        <NewStudyPage />
      </Route>
      <Route path="/studies/:slug">{({ slug }) => <StudyPage key={slug} slug={slug} />}</Route>
      <Route path="/studies/:slug/items/:item">
        {({ slug, item }) => <TracesPage key={item} slug={slug} item={item} />}
      </Route>
      <Route path="/datasets">
        <DatasetsPage />
      </Route>
      {/* No dataset can have this name. */}
      <Route path="/datasets/~new">
        <NewDatasetPage />
      </Route>
      <Route path="/datasets/:name/recipe">{({ name }) => <RecipePage key={name} name={name} />}</Route>
      <Route path="/datasets/:name">{({ name }) => <DatasetPage key={name} name={name} />}</Route>
      <Route path="/datasets/:name/drafts/:id">
        {({ name, id }) => <DraftPage key={id} name={name} id={id} />}
      </Route>
      <Route path="/datasets/:name/:version">
        {({ name, version }) => <ReleasePage key={version} name={name} version={version} />}
      </Route>
      <Route path="/erasures">
        <ErasuresPage />
      </Route>
      <Route path="/jobs">
        <JobsPage />
      </Route>
      <Route path="/account">
        <AccountPage />
      </Route>
      <Route>
        <NotFoundPage />
      </Route>
    </Switch>
  );
}

export function App() {
  const who = useStore(session);
  const [path] = useLocation();
  useEffect(() => {
    void session.ask();
  }, []);
  useEffect(() => {
    if (who.state === "nobody") forgetAll();
  }, [who.state]);
  if (who.state === "asking")
    return (
      <main className="page">
        <Loading />
      </main>
    );
  if (who.state === "unknown")
    return (
      <main className="page">
        <Problem error={who.error} retry={() => void session.ask()} />
      </main>
    );
  if (who.state === "nobody") return <SignInPage lost={who.lost} />;
  return (
    <>
      <TopBar email={who.email} />
      <Guard key={path}>
        <Rooms />
      </Guard>
    </>
  );
}
