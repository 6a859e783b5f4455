"""The tasks: each calls the desk for what a hint names."""

from __future__ import annotations

from celery import shared_task

from desk import heartbeats
from desk.articles import arrivals
from desk.publishing import early_uploads, link_checks, reconciliation
from desk.publishing.claiming import Claim
from workers import bootstrap


@shared_task
def publish(claims: list[tuple[int, int]]) -> None:
    """Hand claimed posts, as (id, fence), to this process's publisher."""
    runner = bootstrap.runner()
    runner.wait_for_room()
    runner.take([(post_id, fence) for post_id, fence in claims])


@shared_task
def stage(post_ids: list[int]) -> None:
    """Upload what these posts need, minutes before they are due."""
    for post_id in post_ids:
        early_uploads.upload_early(bootstrap.desk(), post_id)


@shared_task
def look_at_links(post_ids: list[int]) -> None:
    """Look at the stories behind these posts' links, minutes before they are due."""
    for post_id in post_ids:
        link_checks.check_link(bootstrap.desk(), post_id)


@shared_task
def read_links(_ids: list[int]) -> None:
    """Read links that were pasted together, these or whichever is next."""
    arrivals.read_waiting(bootstrap.desk())


@shared_task
def reconcile(claims: list[tuple[int, int]]) -> None:
    """Find out what became of these posts of one account, whose answers were lost."""
    pairs = [Claim(post_id, fence) for post_id, fence in claims]
    reconciliation.reconcile(bootstrap.desk(), pairs, heartbeats.name())
