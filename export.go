package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"daybook/audit"
)

// runExport writes events to a file or to standard output. It succeeds only if
// the text is complete.
func runExport(ctx context.Context, c config, env environment) (err error) {
	d, err := openDaybook(ctx, c, c.logger(env.stderr))
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, d.close(context.WithoutCancel(ctx)))
	}()
	organization, err := findOrganization(ctx, d.keys, c.organization)
	if err != nil {
		return err
	}
	viewer := audit.Viewer{Organization: organization.ID}
	request, err := d.readExport(ctx, c)
	if err != nil {
		return err
	}
	export, err := d.reader.Export(ctx, viewer, request)
	if err != nil {
		return exportError(err)
	}
	defer export.Close()
	output, err := openExport(c.args[0], env.stdout)
	if err != nil {
		return err
	}
	shown, err := d.exportProgress(ctx, viewer, request, env.stderr)
	if err != nil {
		return errors.Join(err, output.abandon())
	}
	err = writeExport(ctx, export, output, shown)
	shown.end()
	if err != nil {
		return errors.Join(cutError(ctx, export, output, err), output.abandon())
	}
	if err := output.finish(); err != nil {
		return err
	}
	if output.path != "" {
		printExported(env.stdout, export, output, shown)
	}
	return nil
}

// readExport reads the flags, by the rules of the API.
func (d *daybook) readExport(ctx context.Context, c config) (audit.ExportRequest, error) {
	request, problems := d.graphql.ReadExport(ctx, c.export)
	errs := make([]error, len(problems))
	for i, problem := range problems {
		errs[i] = exportError(problem)
	}
	return request, errors.Join(errs...)
}

// exportError names the flag at fault where the message does not.
func exportError(err error) error {
	if known := (*audit.Error)(nil); errors.As(err, &known) && known.Code == audit.CodeBadCursor {
		return fmt.Errorf("--after: %w", err)
	}
	return err
}

// writeExport writes the whole text, and shows how far it is.
func writeExport(ctx context.Context, export *audit.Export, output io.Writer, shown *exportProgress) error {
	for {
		text, err := export.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := output.Write(text); err != nil {
			return err
		}
		shown.at(export)
	}
}

// cutError says why a text is not complete, and how to have the rest.
func cutError(ctx context.Context, export *audit.Export, output *exportFile, err error) error {
	if ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	err = fmt.Errorf("the export is cut off after %d events: %w", export.Events(), err)
	if output.path != "" {
		err = fmt.Errorf("%w\nwhat there is of it is in %s", err, output.partial())
	}
	if cursor := export.Cursor(); cursor != nil {
		err = fmt.Errorf("%w\nexport the rest with --after %s", err, *cursor)
	}
	return err
}

func printExported(to io.Writer, export *audit.Export, output *exportFile, shown *exportProgress) {
	_, _ = fmt.Fprintf(to, "%d events in %s (%.0f/s): %s\n",
		export.Events(), time.Since(shown.started).Round(10*time.Millisecond), shown.rate(), output.path)
	if cursor := export.Cursor(); cursor != nil {
		_, _ = fmt.Fprintf(to, "Export what comes after them with --after %s\n", *cursor)
	}
}

// exportFile takes an export. A file comes into its place when it is complete;
// until then it is the partial one beside it.
type exportFile struct {
	io.Writer
	path string // empty for standard output
	file *os.File
}

// openExport opens a file to write, or standard output for "-". Something that is
// no regular file (/dev/null, a pipe) is written as it is.
func openExport(path string, stdout io.Writer) (*exportFile, error) {
	if path == "-" {
		return &exportFile{Writer: stdout}, nil
	}
	output := &exportFile{path: path}
	name := output.partial()
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder", path)
	} else if err == nil && !info.Mode().IsRegular() {
		name = path
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	output.Writer, output.file = file, file
	return output, err
}

func (f *exportFile) partial() string { return f.path + ".partial" }

// finish puts the complete file into its place.
func (f *exportFile) finish() error {
	if f.file == nil {
		return nil
	}
	if f.file.Name() == f.path {
		return f.file.Close()
	}
	if err := errors.Join(f.file.Sync(), f.file.Close()); err != nil {
		return err
	}
	return os.Rename(f.partial(), f.path)
}

// abandon leaves what was written where it is.
func (f *exportFile) abandon() error {
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}

// exportProgress shows how far an export is in the sequence of the log. In the
// other order there is no telling, and it shows events and rate alone.
type exportProgress struct {
	*progress
	order  audit.Order
	events int
	passed int64 // the sequence up to which all is done
}

// exportProgress asks for the end of the log, which is where exports end.
func (d *daybook) exportProgress(ctx context.Context, viewer audit.Viewer, request audit.ExportRequest, output io.Writer) (*exportProgress, error) {
	total := int64(0)
	if request.Order == audit.DefaultExportOrder() && request.After == nil {
		one := 1
		newest := audit.EventPageRequest{Order: audit.Order{Field: audit.OrderRecordedAt, Direction: audit.Descending}, Page: audit.PageRequest{First: &one}}
		page, err := d.reader.Events(ctx, viewer, newest)
		if err != nil {
			return nil, err
		}
		for _, event := range page.Nodes() {
			total = event.Sequence
		}
	}
	return &exportProgress{progress: newProgress(output, "Exporting", total), order: request.Order}, nil
}

// at notes where the export is.
func (p *exportProgress) at(export *audit.Export) {
	done := int64(0)
	if p.total > 0 {
		done = min(export.Sequence(), p.total) - p.passed // more may have been recorded meanwhile
	}
	p.add(export.Events()-p.events, done)
	p.events, p.passed = export.Events(), p.passed+done
}
