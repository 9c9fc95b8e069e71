/* Whether a text is YAML, by libyaml. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <yaml.h>

static PyObject *is_yaml(PyObject *self, PyObject *args)
{
    const char *text;
    Py_ssize_t length;
    yaml_parser_t parser;
    yaml_event_t event;
    int ended = 0, sound = 1;

    if (!PyArg_ParseTuple(args, "s#", &text, &length))
        return NULL;
    if (!yaml_parser_initialize(&parser))
        return PyErr_NoMemory();
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, (size_t)length);
    while (sound && !ended) {
        sound = yaml_parser_parse(&parser, &event);
        if (sound) {
            ended = event.type == YAML_STREAM_END_EVENT;
            yaml_event_delete(&event);
        }
    }
    yaml_parser_delete(&parser);
    return PyBool_FromLong(sound);
}

static PyObject *library(PyObject *self, PyObject *unused)
{
    return PyUnicode_FromString(yaml_get_version_string());
}

static PyMethodDef methods[] = {
    {"is_yaml", is_yaml, METH_VARARGS, "Whether a text is YAML."},
    {"library", library, METH_NOARGS, "Version of libyaml."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "yamlcheck", NULL, -1, methods};

PyMODINIT_FUNC PyInit_yamlcheck(void)
{
    return PyModule_Create(&module);
}
