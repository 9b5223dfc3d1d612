/** Which page stands at which address. Each family of pages is loaded when it is first opened. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, Route, Router, Switch } from 'wouter';
import { me } from '../api/queries';
import { Boundary } from '../parts/boundary';
import { FailureNote } from '../parts/failure-note';
import { Waiting } from '../parts/loaded';
import { Frame } from './frame';

const SignIn = lazy(async () => ({ default: (await import('../sign-in/sign-in')).SignIn }));
const Invited = lazy(async () => ({ default: (await import('../sign-in/invited')).Invited }));
const Account = lazy(async () => ({ default: (await import('../sign-in/account')).Account }));
const Home = lazy(async () => ({ default: (await import('../home/home')).Home }));
const More = lazy(async () => ({ default: (await import('../home/more')).More }));
const Apply = lazy(async () => ({ default: (await import('../apply/apply')).Apply }));
const Applications = lazy(async () => ({ default: (await import('../apply/applications')).Applications }));
const ApplicationPage = lazy(async () => ({ default: (await import('../apply/application')).ApplicationPage }));
const Tasks = lazy(async () => ({ default: (await import('../approve/tasks')).Tasks }));
const Task = lazy(async () => ({ default: (await import('../approve/task')).Task }));
const Register = lazy(async () => ({ default: (await import('../register/register')).Register }));
const UsePage = lazy(async () => ({ default: (await import('../register/use')).UsePage }));
const Units = lazy(async () => ({ default: (await import('../units/units')).Units }));
const UnitPage = lazy(async () => ({ default: (await import('../units/unit')).UnitPage }));
const LivePage = lazy(async () => ({ default: (await import('../live/live')).LivePage }));
const Remote = lazy(async () => ({ default: (await import('../live/remote')).Remote }));
const CeremonyPage = lazy(async () => ({ default: (await import('../seals/guide')).CeremonyPage }));
const Cases = lazy(async () => ({ default: (await import('../cases/cases')).Cases }));
const CasePage = lazy(async () => ({ default: (await import('../cases/case')).CasePage }));
const Seals = lazy(async () => ({ default: (await import('../seals/seals')).Seals }));
const SealPage = lazy(async () => ({ default: (await import('../seals/seal')).SealPage }));
const Ceremonies = lazy(async () => ({ default: (await import('../seals/ceremonies')).Ceremonies }));
const PersonPage = lazy(async () => ({ default: (await import('../people/person')).PersonPage }));
const Rules = lazy(async () => ({ default: (await import('../rules/rules')).Rules }));
const Organisation = lazy(async () => ({ default: (await import('../organisation/organisation')).Organisation }));
const Settings = lazy(async () => ({ default: (await import('../settings/settings')).Settings }));
const Papers = lazy(async () => ({ default: (await import('../papers/papers')).Papers }));
const ReportPage = lazy(async () => ({ default: (await import('../papers/report')).ReportPage }));
const Statistics = lazy(async () => ({ default: (await import('../statistics/statistics')).Statistics }));
const Archives = lazy(async () => ({ default: (await import('../archives/archives')).Archives }));
const Security = lazy(async () => ({ default: (await import('../security/security')).Security }));
const People = lazy(async () => ({ default: (await import('../people/people')).People }));

export function App() {
  return (
    <Router base="/console">
      <Boundary>
        <Suspense fallback={<Waiting />}>
          <Switch>
            <Route path="/invitation">
              <Invited />
            </Route>
            <Route>
              <Inside />
            </Route>
          </Switch>
        </Suspense>
      </Boundary>
    </Router>
  );
}

function Inside() {
  const { t } = useTranslation();
  const { data, error, refetch, isPending } = useQuery(me());
  if (isPending) return <Waiting />;
  if (data === undefined) return <main className="alone"><h1>{t('brand')}</h1><FailureNote error={error} again={() => void refetch()} /></main>;
  if (data === null) return <SignIn />;
  return (
    <Frame me={data}>
      <Suspense fallback={<Waiting />}>
        <Switch>
          <Route path="/"><Home me={data} /></Route>
          <Route path="/more"><More me={data} /></Route>
          <Route path="/account"><Account me={data} /></Route>
          <Route path="/apply"><Apply me={data} /></Route>
          <Route path="/applications"><Applications me={data} /></Route>
          <Route path="/applications/:id">{({ id }) => <ApplicationPage key={id} id={id} me={data} />}</Route>
          <Route path="/tasks"><Tasks me={data} /></Route>
          <Route path="/tasks/:id">{({ id }) => <Task key={id} id={id} me={data} />}</Route>
          <Route path="/register"><Register /></Route>
          <Route path="/register/:device/:intent">{({ device, intent }) => <UsePage key={`${device}/${intent}`} device={device} intent={Number(intent)} />}</Route>
          <Route path="/units"><Units me={data} /></Route>
          <Route path="/units/:id">{({ id }) => <UnitPage key={id} id={id} me={data} />}</Route>
          <Route path="/live/:id">{({ id }) => <LivePage key={id} id={id} me={data} />}</Route>
          <Route path="/remote"><Remote me={data} /></Route>
          <Route path="/ceremonies/:id">{({ id }) => <CeremonyPage key={id} id={id} me={data} />}</Route>
          <Route path="/cases"><Cases /></Route>
          <Route path="/cases/:id">{({ id }) => <CasePage key={id} id={id} me={data} />}</Route>
          <Route path="/seals"><Seals /></Route>
          <Route path="/seals/:id">{({ id }) => <SealPage key={id} id={id} me={data} />}</Route>
          <Route path="/ceremonies"><Ceremonies me={data} /></Route>
          <Route path="/people"><People me={data} /></Route>
          <Route path="/people/:id">{({ id }) => <PersonPage key={id} id={Number(id)} me={data} />}</Route>
          <Route path="/papers"><Papers /></Route>
          <Route path="/papers/:id">{({ id }) => <ReportPage key={id} id={id} me={data} />}</Route>
          <Route path="/rules"><Rules me={data} /></Route>
          <Route path="/organisation"><Organisation me={data} /></Route>
          <Route path="/settings"><Settings me={data} /></Route>
          <Route path="/statistics"><Statistics /></Route>
          <Route path="/security"><Security /></Route>
          <Route path="/archives"><Archives /></Route>
          <Route><Redirect to="/" replace /></Route>
        </Switch>
      </Suspense>
    </Frame>
  );
}
