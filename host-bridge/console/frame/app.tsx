/** Which page stands at which address. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, Route, Router, Switch } from 'wouter';
import { me } from '../api/queries';
import { Boundary } from '../parts/boundary';
import { FailureNote } from '../parts/failure-note';
import { Waiting } from '../parts/loaded';
import { Frame } from './frame';
import { LOADERS } from './loaders';

const SignIn = lazy(LOADERS.SignIn);
const Invited = lazy(LOADERS.Invited);
const Account = lazy(LOADERS.Account);
const Home = lazy(LOADERS.Home);
const More = lazy(LOADERS.More);
const Apply = lazy(LOADERS.Apply);
const Applications = lazy(LOADERS.Applications);
const ApplicationPage = lazy(LOADERS.ApplicationPage);
const Tasks = lazy(LOADERS.Tasks);
const Task = lazy(LOADERS.Task);
const Register = lazy(LOADERS.Register);
const UsePage = lazy(LOADERS.UsePage);
const Units = lazy(LOADERS.Units);
const UnitPage = lazy(LOADERS.UnitPage);
const LivePage = lazy(LOADERS.LivePage);
const Remote = lazy(LOADERS.Remote);
const CeremonyPage = lazy(LOADERS.CeremonyPage);
const Cases = lazy(LOADERS.Cases);
const CasePage = lazy(LOADERS.CasePage);
const Seals = lazy(LOADERS.Seals);
const SealPage = lazy(LOADERS.SealPage);
const Ceremonies = lazy(LOADERS.Ceremonies);
const PersonPage = lazy(LOADERS.PersonPage);
const Rules = lazy(LOADERS.Rules);
const Organisation = lazy(LOADERS.Organisation);
const Settings = lazy(LOADERS.Settings);
const Papers = lazy(LOADERS.Papers);
const ReportPage = lazy(LOADERS.ReportPage);
const Statistics = lazy(LOADERS.Statistics);
const Archives = lazy(LOADERS.Archives);
const Security = lazy(LOADERS.Security);
const People = lazy(LOADERS.People);

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
