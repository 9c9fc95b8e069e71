from django.conf import settings
from django.db import models


class Document(models.Model):
    """A text that somebody has sent, and how many words it has, once a worker has counted them."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="%Y/%m")
    words = models.PositiveIntegerField(null=True, editable=False)
    sent = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
