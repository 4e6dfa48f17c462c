import { type FormEvent, useEffect, useState } from "react";
import { explain } from "../data/api";
import { session } from "../data/session";

/** Signing in; whoever was thrown out comes back to the same address. */
export function SignInPage({ lost }: { lost: boolean }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    document.title = "Sign in · Affectory";
  }, []);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await session.signIn(email, password);
    } catch (reason) {
      setError(explain(reason));
      setBusy(false);
    }
  };
  return (
    <main id="content" className="signin">
      <p className="brand">Affectory</p>
      <h1>Sign in</h1>
      {lost ? <p className="note">Your session has ended. Sign in to go on where you were.</p> : null}
      <form onSubmit={(event) => void submit(event)}>
        <label>
          E-mail address
          <input
            type="email"
            name="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </label>
        <label>
          Password
          <input
            type="password"
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        <p className="field-error" role="alert">
          {error}
        </p>
        <button type="submit" className="primary" disabled={busy}>
          {busy ? "Signing in …" : "Sign in"}
        </button>
      </form>
      <p className="soft small-text">
        These pages are for researchers. Raters need no account: their invite link leads straight to the
        study. An account is made on the server with <code>python manage.py create-researcher</code>.
      </p>
    </main>
  );
}
