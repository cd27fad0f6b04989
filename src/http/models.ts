/**
 * The models an application can name: tiergate's own, which leave the choice to the policy, and the providers'.
 */
import { Router } from 'express';
import type { Authenticate } from '../authenticate/authenticate.ts';
import { TiergateError } from '../errors.ts';
import { OWN_MODELS } from '../policy/policy.ts';
import type { JsonObject } from '../shapes.ts';
import { type Provider, qualifiedName } from '../upstream/providers.ts';
import { onlyWith } from './failure.ts';

/** When the first of tiergate's own models was there, Unix seconds: OpenAI's shape wants a date. */
const CREATED = 1_763_596_800;

export function modelRoutes(providers: () => readonly Provider[], authenticate: Authenticate): Router {
  const own = OWN_MODELS.map((name) => model(name, 'tiergate'));
  const all = (): JsonObject[] => {
    const theirs = providers().flatMap((provider) =>
      provider.models.map((name) => model(qualifiedName(provider, name), provider.name)),
    );
    return [...own, ...theirs];
  };
  const router = Router();
  router.get('/', (req, res) => {
    authenticate(req.headers.authorization, 'chat');
    res.json({ object: 'list', data: all() });
  });
  // A provider's model has a slash in its name.
  router.get('/*name', (req, res) => {
    authenticate(req.headers.authorization, 'chat');
    const name = req.params.name.join('/');
    const found = all().find(({ id }) => id === name);
    if (found === undefined) throw new TiergateError('in_unknown_model', { param: 'model' });
    res.json(found);
  });
  router.all(['/', '/*name'], onlyWith('GET, HEAD'));
  return router;
}

const model = (id: string, owned_by: string): JsonObject => ({
  id,
  object: 'model',
  created: CREATED,
  owned_by,
});
