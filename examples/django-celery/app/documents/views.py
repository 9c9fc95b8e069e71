from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from .models import Document
from .tasks import count_words


class DocumentForm(forms.ModelForm):
    class Meta:
        model = Document
        fields = ["file"]


def documents(request: HttpRequest) -> HttpResponse:
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        document = form.save(commit=False)
        document.owner, document.name = request.user, form.cleaned_data["file"].name
        document.save()
        transaction.on_commit(lambda: count_words.delay(document.pk))
        return redirect("documents")
    sent = Document.objects.filter(owner=request.user).order_by("-pk")
    return render(request, "documents/list.html", {"documents": sent, "form": form}, status=400 if form.errors else 200)


def download(request: HttpRequest, pk: int) -> FileResponse:
    document = get_object_or_404(Document, pk=pk, owner=request.user)
    return FileResponse(document.file.open("rb"), as_attachment=True, filename=document.name)


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    connection.ensure_connection()
    return HttpResponse("ok", content_type="text/plain")
