from datetime import timedelta

from celery import shared_task
from celery.utils.log import get_task_logger
from django.utils import timezone

from .models import Document

logger = get_task_logger(__name__)


@shared_task
def count_words(pk: int) -> None:
    document = Document.objects.filter(pk=pk).first()
    if document is None:
        return
    with document.file.open("rb") as file:
        document.words = sum(len(line.split()) for line in file)
    document.save(update_fields=["words"])
    logger.info("document %s has %s words", pk, document.words)


@shared_task
def count_missed() -> None:
    """Documents whose task got lost, as when the broker lost its memory or a worker its container."""
    missed = Document.objects.filter(words=None, sent__lt=timezone.now() - timedelta(minutes=1))
    for pk in missed.values_list("pk", flat=True):
        count_words.delay(pk)
